package org.ratescope.cli.help;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.Call;
import org.ratescope.cli.process.ExitCode;

class HelpLayoutTest {
  private static final String LONG =
      "  ratescope run study.yaml --engine spark --master spark://host:7077   on a cluster";

  @TempDir Path folder;

  private Call call(String... arguments) {
    return Call.of(folder, arguments);
  }

  @Test
  void examplesFitTheTerminal() {
    assertThat(HelpLayout.example("  ratescope ls", 60)).containsExactly("  ratescope ls");
    assertThat(HelpLayout.example(LONG, 60))
        .containsExactly(
            "  ratescope run study.yaml --engine spark --master \\",
            "      spark://host:7077",
            "      # on a cluster");
    assertThat(HelpLayout.example(LONG, 75))
        .containsExactly(
            "  ratescope run study.yaml --engine spark --master spark://host:7077",
            "      # on a cluster");
  }

  /** A backslash at the end of a line means nothing inside single quotes. */
  @Test
  void quotedWordsAreNotBroken() {
    assertThat(HelpLayout.example("  ratescope claims a.yaml | jq '.[] | select(.x)'   two", 40))
        .containsExactly(
            "  ratescope claims a.yaml | jq \\", "      '.[] | select(.x)'", "      # two");
    assertThat(HelpLayout.example("  ratescope query a.yaml \"from a select b\" --csv", 30))
        .containsExactly(
            "  ratescope query a.yaml \\", "      \"from a select b\" \\", "      --csv");
  }

  /** An option that needs another one follows it. */
  @Test
  void optionsFollowThoseThatTheyNeed() {
    String help = call("help", "run").out();
    String options = help.substring(help.indexOf("Train and evaluate"));

    assertThat(options)
        .containsSubsequence(
            "--engine", "--serve=", "--serve-host", "--mlflow=", "--mlflow-experiment", "--help");
  }

  @Test
  void helpOfACommandIsThatOfItsOption() {
    assertThat(call("help", "run").out()).isEqualTo(call("run", "--help").out());
    assertThat(call("help", "data", "get").out()).isEqualTo(call("data", "get", "--help").out());
    assertThat(call("help").out()).startsWith("Usage: ratescope").contains("quickstart", "compare");
    assertThat(call("help", "run").out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void unknownCommandsAreCorrected() {
    Call wrong = call("help", "rnu");
    Call below = call("help", "run", "now");

    assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(wrong.err()).endsWith("(did you mean run?)\n");
    assertThat(below.err())
        .isEqualTo("ratescope: got \"now\"; 'ratescope run' has no sub-commands\n");
  }

  @Test
  void importantOptionsComeFirst() {
    String help = call("help", "run").out();
    assertThat(help.indexOf("--set=KEY")).isPositive().isLessThan(help.indexOf("--device="));
  }

  private static boolean parses(String shell, Path script)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(shell, "-n", script.toString()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 && said.isEmpty();
  }

  private static boolean isInstalled(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  @Test
  void bashReadsItsCompletion() throws Exception {
    assumeThat(isInstalled("bash")).isTrue();
    Call script = call("completion", "bash");
    Path file = Files.writeString(folder.resolve("complete.bash"), script.out());

    assertThat(script.code()).isEqualTo(ExitCode.SUCCESS);
    assertThat(parses("bash", file)).isTrue();
    assertThat(script.out()).contains("quickstart", "--time-budget");
  }

  @Test
  void fishHasALineForEachCommandAndOption() throws Exception {
    List<String> lines = call("completion", "fish").out().lines().toList();

    assertThat(lines)
        .contains(
            "complete -c ratescope -f -n '__fish_use_subcommand' -a 'bench' -d 'Measure training"
                + " speed on this machine and compare it with its limits.'")
        .anyMatch(
            line ->
                line.startsWith(
                    "complete -c ratescope -n '__fish_seen_subcommand_from run' -l time-budget -r"))
        .anyMatch(
            line ->
                line.startsWith(
                    "complete -c ratescope -n '__fish_seen_subcommand_from data; and"
                        + " __fish_seen_subcommand_from get' -l from -r"))
        .allMatch(line -> line.startsWith("complete -c ratescope -"));
    if (isInstalled("fish")) {
      Path file = Files.write(folder.resolve("complete.fish"), lines);
      assertThat(parses("fish", file)).isTrue();
    }
    assertThat(call("completion", "tcsh").err())
        .isEqualTo("ratescope: got \"tcsh\"; expected bash, zsh or fish\n");
  }
}
