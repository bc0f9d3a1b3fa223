package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.Environment;
import picocli.CommandLine;

/** The command {@code run} with Spark on the class path, on a master within this process. */
class SparkCommandTest {
  private static final String STUDY =
      """
      name: tiny
      title: Two runs
      data: {set: tetrominoes, resolution: 4}
      splits: [default]
      architectures: [mlp:1x8]
      latent: [2]
      objective: {beta: [0.1, 1]}
      restarts: 1
      training: {iterations: 30, batch: 16}
      evaluation: {examples: 100}
      """;

  @TempDir Path folder;

  private record Output(int code, String out, String err) {}

  private Output run(String... options) throws Exception {
    Path study = Files.writeString(folder.resolve("tiny.yaml"), STUDY);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        RatescopeCommand.commandLine(new Environment(Map.of(), folder, false, folder));
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> arguments =
        Stream.concat(
                Stream.of("run", study.toString(), "--results", folder.resolve("r").toString()),
                Stream.of(options))
            .toList();
    int code = line.execute(arguments.toArray(new String[0]));
    return new Output(code, out.toString(), err.toString());
  }

  @Test
  void aStudyIsCarriedOutAndItsProgressShown() throws Exception {
    Output output =
        run(
            "--json",
            "--engine",
            "spark",
            "--master",
            "local[1]",
            "--workers",
            "1",
            "--spark-conf",
            "spark.driver.host=127.0.0.1");

    assertThat(output.code()).as(output.err()).isZero();
    assertThat(output.out()).containsPattern("\"finished\" ?: ?2\\b");
    assertThat(output.err()).contains("/2 runs done");
    try (Stream<Path> records = Files.list(folder.resolve("r/records"))) {
      assertThat(records).hasSize(2);
    }
  }

  @Test
  void wrongCallsSayWhatIsMissing() throws Exception {
    assertThat(run("--engine", "spark", "--workers", "1").err())
        .startsWith("ratescope: --engine spark needs --master URL, for example");
    assertThat(run("--engine", "spark", "--master", "local[1]").err())
        .startsWith("ratescope: --engine spark needs --workers N");
    assertThat(run("--engine", "flink").err())
        .startsWith("ratescope: --engine: got \"flink\"; expected local or spark");
    assertThat(run("--master", "local[1]").err())
        .startsWith("ratescope: --master has no effect without --engine spark");
  }
}
