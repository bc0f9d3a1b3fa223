package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import picocli.CommandLine;

class CommandsTest {
  @TempDir Path folder;

  private Call call(String... arguments) {
    return Call.of(folder.resolve("cache"), arguments);
  }

  private static JsonNode json(Call call) throws IOException {
    assertThat(call.err()).isEmpty();
    assertThat(call.code()).isEqualTo(ExitCode.SUCCESS);
    return new ObjectMapper().readTree(call.out());
  }

  @Test
  void errorsBreakBetweenWordsInATerminal() {
    Call narrow = Call.inTerminal(folder, 40, "data", "describe", "cifar10");
    Call wide = Call.of(folder, "data", "describe", "cifar10");

    assertThat(narrow.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(narrow.err().lines()).hasSizeGreaterThan(4).allMatch(l -> l.length() <= 40);
    assertThat(narrow.err().replace('\n', ' ')).isEqualTo(wide.err().replace('\n', ' '));
  }

  @Test
  void everyCommandHasHelp() {
    CommandLine top =
        RatescopeCommand.commandLine(new Environment(Map.of(), folder, false, folder));
    for (CommandLine command : withSubcommands(top)) {
      String name = command.getCommandSpec().qualifiedName();
      String[] words = (name + " --help").replaceFirst("ratescope ", "").split(" ");
      Call help = call(words);
      assertThat(help.code()).as(name).isEqualTo(ExitCode.SUCCESS);
      assertThat(help.out()).as(name).startsWith("Usage: " + name).contains("Example", "  " + name);
      assertThat(command.getCommandSpec().usageMessage().description()[0])
          .as("purpose of " + name)
          .endsWith(".");
    }
  }

  private static List<CommandLine> withSubcommands(CommandLine line) {
    List<CommandLine> all = new ArrayList<>(List.of(line));
    line.getSubcommands().values().forEach(sub -> all.addAll(withSubcommands(sub)));
    return all;
  }

  @Test
  void wrongCallsEndWithTwoAndALine() {
    assertWrong(call(), "ratescope: Missing command");
    assertWrong(call("data"), "ratescope data: Missing command");
    assertWrong(call("statsu"), "ratescope: Unmatched argument at index 0: 'statsu'");
    assertWrong(call("status"), "ratescope status: Missing required parameter: 'STUDY'");
    assertWrong(
        call("data", "describe", "tetrominos"),
        "ratescope data describe: Invalid value for positional parameter at index 0 (DATA): got"
            + " \"tetrominos\"; expected tetrominoes,");
    assertWrong(
        call("data", "describe", "tetrominoes", "--split", "cv:2"),
        "ratescope data describe: Invalid value for option '--split': got \"cv:2\"; expected"
            + " default, official, checkerboard or");
    assertWrong(
        call("status", folder.resolve("none.yaml").toString()),
        "ratescope: " + folder.resolve("none.yaml") + ": no such file");
    assertWrong(
        call("status", "quickstart", "--profile", "smok"),
        "ratescope: " + Path.of("../studies/quickstart.yaml") + ":");
  }

  private static void assertWrong(Call call, String beginning) {
    assertThat(call.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(call.err()).startsWith(beginning).doesNotContain("\tat ");
    assertThat(call.out()).isEmpty();
  }

  @Test
  void anUnexpectedErrorIsOneLineByDefault() throws IOException {
    Path study = Files.writeString(folder.resolve("one.yaml"), ONE_RUN);
    String results = Files.writeString(folder.resolve("results"), "a file").toString();

    Call call = call("run", study.toString(), "--results", results);
    Call detailed = call("run", study.toString(), "--results", results, "--stacktrace");

    assertThat(call.code()).isEqualTo(ExitCode.FAILED);
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.err()).startsWith("ratescope: " + results).doesNotContain("--stacktrace");
    assertThat(detailed.err()).contains("\tat org.ratescope.io.lease");
  }

  private static final String ONE_RUN =
      """
      data: tetrominoes
      splits: default
      architectures: mlp:1x8
      objective: {beta: 1}
      restarts: 1
      """;

  @Test
  void statusCountsRuns() throws IOException {
    JsonNode status =
        json(call("status", "quickstart", "--results", folder.resolve("r").toString(), "--json"));

    assertThat(status.get("study").textValue()).isEqualTo("quickstart");
    assertThat(status.get("runs").intValue()).isPositive();
    assertThat(status.get("missing")).isEqualTo(status.get("runs"));
    assertThat(status.get("finished").intValue()).isZero();
    assertThat(status.get("troubles")).isEmpty();
  }

  @Test
  void dataIsListed() throws IOException {
    JsonNode sets = json(call("data", "list", "--json"));

    assertThat(sets.get(0).get("name").textValue()).isEqualTo("tetrominoes");
    assertThat(sets.get(0).get("images").intValue()).isEqualTo(163_840);
    assertThat(sets.get(0).get("built").booleanValue()).isFalse();
  }

  @Test
  void descriptionsHaveTheLabelsChecksums() throws IOException {
    JsonNode cv = json(call("data", "describe", "tetrominoes", "--split", "cv:0.1", "--json"));

    // fixtures/manifest.json of the specification, "CV train_ratio=0.1"
    assertThat(cv.get("train").intValue()).isEqualTo(16_384);
    assertThat(cv.get("test").intValue()).isEqualTo(147_456);
    assertThat(cv.get("trainLabelsSha256").textValue())
        .isEqualTo("93843875ba3d13240fd37cb83b3ad968d650df11350ac259cfaffdba9a130efa");
    assertThat(cv.get("testLabelsSha256").textValue())
        .isEqualTo("bbd388350f8ddc00d5c331441961b27103c627b7b3b771905eacff3ed113b1ad");
    assertThat(cv.has("trainImagesSha256")).isFalse();
  }

  @Test
  void dataShowWritesAPicture() throws IOException {
    Path sheet = folder.resolve("deeper/sheet.png");
    Call call = call("data", "show", "tetrominoes:resolution=8", "--out", sheet.toString());

    assertThat(call.code()).isEqualTo(ExitCode.SUCCESS);
    assertThat(call.out().strip()).isEqualTo(sheet.toString());
    assertThat(ImageIO.read(sheet.toFile()).getWidth()).isGreaterThan(900);
  }
}
