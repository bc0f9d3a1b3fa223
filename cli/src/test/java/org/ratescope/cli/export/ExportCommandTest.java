package org.ratescope.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static RunRecord record = null;

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
    record = RecordStore.at(folder.resolve("results")).read(spec.id()).orElseThrow();
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
    String file = folder.resolve("results/records/" + record.id() + ".json").toString();
    Call exported =
        call("export", file, "--pytorch", models.toString(), "--onnx", models.toString());
    Call again =
        call(
            "export",
            record.id().hex().substring(0, 8),
            "--results",
            results(),
            "--pytorch",
            models.toString(),
            "--json");

    assertThat(exported.code()).as(exported.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(exported.out().lines().map(line -> Path.of(line).getFileName().toString()))
        .containsExactly("model.py", "weights.safetensors", "encoder.onnx", "decoder.onnx");
    assertThat(new ObjectMapper().readTree(again.out())).hasSize(2);
    assertThat(models.resolve("model.py")).content().contains(record.spec().canonical());
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
            record.estimate("rate", Subset.TEST).orElseThrow().value(),
            org.assertj.core.api.Assertions.within(1e-5));
  }

  @Test
  void wrongCallsSayWhatIsExpected() throws IOException {
    String run = record.id().hex();
    assertWrong(call("export", run), "got no format; expected --pytorch DIR, --onnx DIR");
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
}
