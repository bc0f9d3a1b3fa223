package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.EscapingWriter;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.StandardStream;

/** Output to the terminal: all of it or an error, without control characters. */
class OutputTest {
  private static final String STUDY =
      """
      data: tetrominoes:resolution=8
      splits: [cv:0.5]
      architectures: [mlp:1x8]
      latent: 2
      objective: {beta: [0.1, 1]}
      restarts: 1
      training: {iterations: 20, batch: 16}
      """;

  @TempDir Path folder;

  /** Standard output on a full disk, or with a closed reader. */
  private static final class Broken extends OutputStream {
    private final String message;

    Broken(String message) {
      this.message = message;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(message);
    }
  }

  private record Result(int code, String out, String err) {}

  private Result run(OutputStream out, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment surroundings =
        new Environment(
            Map.of("RATESCOPE_CACHE", SharedCache.folder().toString()),
            Path.of(".."),
            false,
            Path.of("."));
    int code = Main.run(surroundings, new StandardStream(out), new StandardStream(err), arguments);
    return new Result(code, out.toString(), err.toString(StandardCharsets.UTF_8));
  }

  private Path study() throws IOException {
    Files.createDirectories(folder.resolve("results"));
    return Files.writeString(folder.resolve("study.yaml"), STUDY);
  }

  static Stream<List<String>> printing() {
    return Stream.of(
        List.of("--help"),
        List.of("--version"),
        List.of("run", "--help"),
        List.of("plan", "STUDY", "--quick", "--results", "RESULTS"),
        List.of("status", "STUDY", "--results", "RESULTS"),
        List.of("status", "STUDY", "--results", "RESULTS", "--json"),
        List.of("retry", "STUDY", "--results", "RESULTS"),
        List.of("query", "STUDY", "from runs", "--results", "RESULTS", "--csv"),
        List.of("query", "STUDY", "from runs", "--results", "RESULTS"),
        List.of("answer", "STUDY", "--results", "RESULTS"),
        List.of("claims", "STUDY", "--results", "RESULTS"),
        List.of("figure", "STUDY", "--list"),
        List.of("data", "list"));
  }

  private String[] filled(List<String> arguments) throws IOException {
    String study = study().toString();
    String results = folder.resolve("results").toString();
    return arguments.stream()
        .map(word -> word.equals("STUDY") ? study : word.equals("RESULTS") ? results : word)
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("printing")
  void aFullDiskIsAnError(List<String> arguments) throws Exception {
    Result result = run(new Broken("No space left on device"), filled(arguments));
    assertThat(result.code).isEqualTo(ExitCode.FAILED);
    assertThat(result.err)
        .endsWith("ratescope: cannot write standard output: No space left on device\n");
  }

  @Test
  void aClosedPipeIsNotAnError() throws Exception {
    Result result = run(new Broken("Broken pipe"), filled(List.of("figure", "STUDY", "--list")));
    assertThat(result.code).isEqualTo(ExitCode.FAILED);
    assertThat(result.err).isEmpty();
  }

  @Test
  void aUsageErrorKeepsItsExitCode() {
    assertThat(run(new Broken("No space left on device"), "nonsense").code)
        .isEqualTo(ExitCode.WRONG_CALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[2J",
        "\u001b]0;title\u0007",
        "\u009b31m",
        "\r",
        "\b",
        "\u007f",
        "\u202e",
        "\u2066",
        "\u200e",
        "\u200f",
        "\u061c",
        "\u0000",
        "\ufeff",
        "\u2028",
        "\u0085"
      })
  void controlCharactersAreEscaped(String steering) {
    StringWriter written = new StringWriter();
    PrintWriter raw = new PrintWriter(written);
    EscapingWriter writer = new EscapingWriter(raw);
    writer.print("a" + steering + "b");
    writer.printf("%s", steering);
    writer.println(steering.toCharArray());
    writer.append(steering).append(steering.charAt(0));
    writer.flush();
    assertThat(written.toString().chars().filter(c -> c != '\n'))
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)
        .noneMatch(c -> c == 0x2028);
    assertThat(written.toString())
        .contains("a\\u%04xb".formatted((int) steering.charAt(0)).substring(0, 7));
  }

  @Test
  void ordinaryTextIsUnchanged() {
    StringWriter written = new StringWriter();
    PrintWriter raw = new PrintWriter(written);
    EscapingWriter writer = new EscapingWriter(raw);
    String text = "β = 1\tcafé 猫 \ud83d\ude00\nline";
    writer.print(text);
    assertThat(written.toString()).isEqualTo(text);
    assertThat(EscapingWriter.raw(writer)).isSameAs(raw);
    assertThat(EscapingWriter.raw(raw)).isSameAs(raw);
  }

  static Stream<List<String>> hostile() {
    return Stream.of(
        List.of("plan", "KEY.yaml", "--quick"),
        List.of("plan", "VALUE.yaml", "--quick"),
        List.of("plan", "evil\u001b[2J.yaml"),
        List.of("figure", "STUDY.yaml", "evil\u001b[2J"),
        List.of("figure", "STUDY.yaml", "--list"),
        List.of("data", "describe", "images:FOLDER/none\u001b[2J,size=8,colour=grey"),
        List.of("data", "describe", "array:FOLDER/evil\u001b[2J.npy"),
        List.of("evil\u001b[2J"),
        List.of("query", "STUDY.yaml", "select '\u001b[2J' as \"\u001b[3J\"", "--results", "."),
        List.of("query", "STUDY.yaml", "select '\u009b2J\u202e' as x", "--results", ".", "--json"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void namesFromFilesAreEscaped(List<String> arguments) throws Exception {
    Files.writeString(folder.resolve("STUDY.yaml"), STUDY);
    Files.writeString(folder.resolve("KEY.yaml"), STUDY + "\"evil\\e[2J\": 1\n");
    Files.writeString(folder.resolve("VALUE.yaml"), STUDY + "figures: [\"evil\\e[2J\\u202e\"]\n");
    Files.createDirectories(folder.resolve("figures/evil\u001b[2J"));
    Path classes = Files.createDirectories(folder.resolve("FOLDER/evil\u001b[2J"));
    Files.writeString(classes.resolve("evil\u001b[2J.png"), "no picture");
    Files.writeString(folder.resolve("FOLDER/evil\u001b[2J.npy"), "no array");
    String[] call =
        arguments.stream()
            .map(
                word ->
                    word.startsWith("select")
                        ? word
                        : word.replaceFirst("(STUDY|KEY|VALUE)[.]yaml|FOLDER", folder + "/$0")
                            .replaceFirst("^[.]$", folder.toString()))
            .toArray(String[]::new);
    Result result = run(new ByteArrayOutputStream(), call);
    assertThat(result.out + result.err)
        .containsPattern("\\\\u00(1b|9b)\\[?[23]J")
        .matches(
            text ->
                text.chars()
                    .noneMatch(c -> (Character.isISOControl(c) && c != '\n') || c == 0x202E));
  }

  @Test
  void missingResultsAreAnError() throws Exception {
    Result result =
        run(
            new ByteArrayOutputStream(),
            "query",
            study().toString(),
            "from runs",
            "--results",
            folder.resolve("none").toString());
    assertThat(result.code).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(result.err).contains("none\"; expected a folder of results").hasLineCount(1);
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void sqlWritesFilesOnlyIfAllowed() throws Exception {
    Path file = folder.resolve("runs.parquet");
    String[] call =
        filled(
            List.of("query", "STUDY", "copy runs to '%s'".formatted(file), "--results", "RESULTS"));
    Result refused = run(new ByteArrayOutputStream(), call);
    assertThat(refused.code).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(refused.err).contains("disabled by configuration").contains("--allow-files");
    assertThat(file).doesNotExist();
    String[] allowed =
        Stream.concat(Stream.of(call), Stream.of("--allow-files")).toArray(String[]::new);
    assertThat(run(new ByteArrayOutputStream(), allowed).code).isEqualTo(ExitCode.SUCCESS);
    assertThat(file).exists();
  }
}
