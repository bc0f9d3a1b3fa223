package org.ratescope.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.ratescope.cli.Call;
import org.ratescope.cli.SharedCache;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.StudyFile;

/** Commands that write models, records and codes for other programs. */
@Execution(ExecutionMode.CONCURRENT)
class ExportCommandTest {
  @TempDir static Path folder;

  private static Path study = Path.of("");
  private static Optional<RunRecord> first = Optional.empty();

  @BeforeAll
  static void trainTwoRuns() throws IOException {
    study =
        Files.writeString(
            folder.resolve("small.yaml"),
            """
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.05]
            architectures: [mlp:1x8]
            latent: 2
            objective: {beta: 1}
            restarts: 2
            training: {iterations: 20, batch: 16}
            evaluation: {examples: 64}
            """);
    Call run = call("run", study.toString(), "--results", results());
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.SUCCESS);
    RunSpec spec = StudyFile.read(study).runs().getFirst();
    first = RecordStore.at(folder.resolve("results")).read(spec.id());
  }

  /** The record of the first run. */
  private static RunRecord record() {
    return first.orElseThrow();
  }

  private static Call call(String... arguments) {
    return Call.of(SharedCache.folder(), arguments);
  }

  private static String results() {
    return folder.resolve("results").toString();
  }

  private static void assertWrong(Call call, String message) {
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(call.err()).startsWith("ratescope: " + message).hasLineCount(1);
  }

  @Test
  void aRunIsWrittenForPyTorchAndOnnx() throws IOException {
    Path models = folder.resolve("vae");
    String file = folder.resolve("results/records/" + record().id() + ".json").toString();
    Call exported =
        call("export", file, "--pytorch", models.toString(), "--onnx", models.toString());
    Call again =
        call(
            "export",
            record().id().hex().substring(0, 8),
            "--results",
            results(),
            "--pytorch",
            models.toString(),
            "--json");

    assertThat(exported.code()).as(exported.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(exported.out().lines().map(line -> String.valueOf(Path.of(line).getFileName())))
        .containsExactly("model.py", "weights.safetensors", "encoder.onnx", "decoder.onnx");
    assertThat(new ObjectMapper().readTree(again.out())).hasSize(2);
    assertThat(models.resolve("model.py")).content().contains(record().spec().canonical());
    String images = "tetrominoes:resolution=4:cv:0.05";
    Call evaluated =
        call(
            "evaluate",
            "--weights",
            models.resolve("weights.safetensors").toString(),
            "--train",
            images,
            "--test",
            images,
            "--examples",
            "64",
            "--only",
            "rate",
            "--json");
    assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.SUCCESS);
    JsonNode value = new ObjectMapper().readTree(evaluated.out()).at("/estimates/1/value");
    assertThat(value.doubleValue())
        .isCloseTo(
            record().estimate("rate", Subset.TEST).orElseThrow().value(),
            org.assertj.core.api.Assertions.within(1e-5));
  }

  @Test
  void wrongCallsSayWhatIsExpected() throws IOException {
    String run = record().id().hex();
    assertWrong(call("export", run), "got no format; expected --pytorch DIR, --onnx DIR, or for");
    assertWrong(
        call("export", run, "--onnx", "x", "--parquet", "x"),
        "got --parquet, which takes a STUDY, and --pytorch or --onnx");
    assertWrong(
        call("export", study + "x", "--parquet", "x"),
        study + "x: no such file (did you mean small.yaml?)");
    assertWrong(
        call("export", "ffff", "--onnx", "x", "--results", results()),
        "got run \"ffff\"; expected the beginning of the id of a record in " + results());
    Path other = folder.resolve("other");
    for (String name : new String[] {"records", "weights"}) {
      Files.createDirectories(other.resolve(name));
    }
    Path results = folder.resolve("results/records/" + run + ".json");
    Files.copy(results, other.resolve("records/" + run + ".json"));
    Call without = call("export", run, "--onnx", "x", "--results", other.toString());
    assertWrong(without, other.resolve("weights/" + run + ".safetensors") + ": no such file");
    assertThat(Path.of("x")).doesNotExist();
  }

  /** Every column has a meaning; the values are those of the records. */
  @Test
  void aStudyIsWrittenAsParquet() throws IOException, java.sql.SQLException {
    Path tables = folder.resolve("it's tables");
    Call evaluated =
        call("evaluate", study.toString(), "--results", results(), "--only", "memorisation");
    Call exported =
        call("export", study.toString(), "--results", results(), "--parquet", tables.toString());

    assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(exported.code()).as(exported.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(exported.out().lines().map(line -> String.valueOf(Path.of(line).getFileName())))
        .containsExactly(
            "runs.parquet",
            "estimates.parquet",
            "results.parquet",
            "curves.parquet",
            "trace.parquet",
            "learning_curves.parquet",
            "examples.parquet",
            "croissant.json");
    JsonNode croissant = new ObjectMapper().readTree(tables.resolve("croissant.json").toFile());
    assertThat(croissant.at("/recordSet")).hasSize(7);
    for (JsonNode description : croissant.findValues("description")) {
      assertThat(description.textValue()).as("columns.csv explains every column").isNotBlank();
    }
    assertThat(croissant.toString()).contains("mean of KL(q(z|x) || p(z)); unit: nats per example");
    String path = tables.toString().replace("'", "''");
    try (java.sql.Connection connection = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        java.sql.Statement statement = connection.createStatement()) {
      java.sql.ResultSet rate =
          statement.executeQuery(
              "select rate, rate_sd, restarts from '%s/curves.parquet' where subset = 'test'"
                  .formatted(path));
      assertThat(rate.next()).isTrue();
      double mean = 0;
      for (RunSpec run : StudyFile.read(study).runs()) {
        RunRecord one = RecordStore.at(folder.resolve("results")).read(run.id()).orElseThrow();
        mean += one.estimate("rate", Subset.TEST).orElseThrow().value() / 2;
      }
      assertThat(rate.getDouble(1)).isCloseTo(mean, org.assertj.core.api.Assertions.within(1e-12));
      assertThat(rate.getInt(3)).isEqualTo(2);
      java.sql.ResultSet meta =
          statement.executeQuery(
              "select decode(value) from parquet_kv_metadata('%s/curves.parquet') where decode(key) = 'columns'"
                  .formatted(path));
      assertThat(meta.next()).isTrue();
      JsonNode columns = new ObjectMapper().readTree(meta.getString(1));
      assertThat(columns.at("/rate/unit").textValue()).isEqualTo("nats per example");
      assertThat(columns.at("/architecture_label/meaning").textValue())
          .isEqualTo("display name of architecture");
      java.sql.ResultSet examples =
          statement.executeQuery("select count(*) from '%s/examples.parquet'".formatted(path));
      assertThat(examples.next()).isTrue();
      assertThat(examples.getInt(1)).isEqualTo(2 * 64);
    }
  }

  /** The codes of a run's images are those of the model itself; samples follow them. */
  @Test
  void imagesAreEncoded() throws IOException, java.sql.SQLException {
    String out = folder.resolve("codes.parquet").toString();
    String again = folder.resolve("codes.npz").toString();
    String run = record().id().hex();
    Call encoded = call("encode", run, "--results", results(), "--samples", "2", "--out", out);
    Call foreign =
        call(
            "encode",
            "--weights",
            folder.resolve("results/weights/" + run + ".safetensors").toString(),
            "tetrominoes:resolution=4:cv:0.05",
            "--out",
            again);

    assertThat(encoded.code()).as(encoded.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(encoded.out()).isEqualTo("%1$s\n%1$s.croissant.json\n".formatted(out));
    assertThat(foreign.code()).as(foreign.err()).isEqualTo(ExitCode.SUCCESS);
    double rate = record().estimate("rate", Subset.TRAIN).orElseThrow().value();
    double error = record().estimate("rate", Subset.TRAIN).orElseThrow().standardError();
    try (java.sql.Connection connection = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        java.sql.Statement statement = connection.createStatement()) {
      java.sql.ResultSet found =
          statement.executeQuery(
              """
              select count(*), avg(exp(logvar_0) + mean_0^2 - 1 - logvar_0 + exp(logvar_1) + mean_1^2 - 1 - logvar_1) / 2,
                avg((sample_0_0 - mean_0) / exp(logvar_0 / 2)), var_samp((sample_1_1 - mean_1) / exp(logvar_1 / 2)),
                corr(sample_0_0 - mean_0, sample_1_0 - mean_0)
              from '%s' where subset = 'train'\
              """
                  .formatted(out));
      assertThat(found.next()).isTrue();
      assertThat(found.getInt(1)).isEqualTo(8193);
      assertThat(found.getDouble(2))
          .isCloseTo(rate, org.assertj.core.api.Assertions.within(4 * error));
      double four = 4 / Math.sqrt(8193);
      assertThat(found.getDouble(3)).isBetween(-four, four);
      assertThat(found.getDouble(4)).isBetween(1 - 2 * four, 1 + 2 * four);
      assertThat(found.getDouble(5)).isBetween(-four, four);
    }
    JsonNode croissant = new ObjectMapper().readTree(Path.of(out + ".croissant.json").toFile());
    assertThat(croissant.at("/distribution/0/sha256").textValue()).hasSize(64);
    assertThat(croissant.at("/recordSet/0/field")).hasSize(2 + 4 + 4);
    assertThat(croissant.at("/description").textValue()).contains("run " + run);
    org.ratescope.dataset.format.StoredArray mean =
        org.ratescope.dataset.format.Npz.open(Path.of(again), "mean");
    assertThat(mean.shape()).containsExactly(163840L, 2L);
  }

  @Test
  void wrongCallsOfEncodeSayWhatIsExpected() throws IOException {
    String run = record().id().hex();
    String out = folder.resolve("c.npz").toString();
    assertWrong(
        call("encode", run, "--out", "c.csv", "--results", results()),
        "--out: got c.csv; expected a name that ends with .npz or .parquet");
    assertWrong(
        call("encode", run, "--out", out, "--samples", "-1", "--results", results()),
        "--samples: got -1; expected 0 to 1000");
    assertWrong(
        call("encode", "a", "b", "--weights", "w", "--out", out),
        "got --weights and 2 words; expected one, the images");
    assertWrong(
        call("encode", run, "mnits", "--out", out, "--results", results()),
        "DATA: got \"mnits\"; expected a .npy file");
    byte[] head = org.ratescope.dataset.format.NpyWriter.header("|u1", java.util.List.of(2L, 5L));
    Path small =
        Files.write(folder.resolve("small.npy"), java.util.Arrays.copyOf(head, head.length + 10));
    try (java.io.RandomAccessFile file = new java.io.RandomAccessFile(small.toFile(), "rw")) {
      file.seek(head.length);
      file.write(255);
    }
    Call size = call("encode", run, small.toString(), "--out", out, "--results", results());
    assertThat(size.code()).isEqualTo(ExitCode.FAILED);
    assertThat(size.err()).contains("small.npy: images of 5x1x1; expected 3x4x4, as run " + run);
    assertThat(Path.of(out)).doesNotExist();
  }
}
