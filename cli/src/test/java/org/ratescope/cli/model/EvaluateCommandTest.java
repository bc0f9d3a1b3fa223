package org.ratescope.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.Call;
import org.ratescope.cli.SharedCache;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.results.Estimate;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/** Stored weights and models trained elsewhere, by the command. */
class EvaluateCommandTest {
  @TempDir static Path folder;

  private static Path study = Path.of("");

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
            objective: {beta: [0.1, 1]}
            restarts: 1
            training: {iterations: 20, batch: 16}
            evaluation: {examples: 64}
            """);
    Call run = call("run", study.toString(), "--results", results());
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.SUCCESS);
  }

  private static Call call(String... arguments) {
    return Call.of(SharedCache.folder(), arguments);
  }

  private static String results() {
    return folder.resolve("results").toString();
  }

  @Test
  void anEstimatorIsAddedToExistingRecords() throws IOException {
    Study read = StudyFile.read(study);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    RunSpec run = read.runs().getFirst();
    Call evaluated =
        call(
            "evaluate",
            study.toString(),
            "--results",
            results(),
            "--only",
            "mutualInformation,marginalKl");
    assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.SUCCESS);
    Estimate information =
        store.read(run.id()).orElseThrow().estimate("mutualInformation", Subset.TEST).orElseThrow();
    assertThat(information.value()).isBetween(0.0, Math.log(8193));
    assertThat(store.read(run.id()).orElseThrow().estimate("distortion", Subset.TEST)).isPresent();
    Call again = call("plan", study.toString(), "--results", results(), "--quick", "--json");
    JsonNode plan = new ObjectMapper().readTree(again.out());
    assertThat(plan.path("done").intValue()).as(again.out()).isEqualTo(2);
  }

  @Test
  void detailsAreComputedFromStoredWeightsByName() throws IOException {
    Study read = StudyFile.read(study);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Call evaluated =
        call(
            "evaluate",
            study.toString(),
            "--results",
            results(),
            "--only",
            "memorisation,latent-plane");
    assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.SUCCESS);
    for (RunSpec run : read.runs()) {
      assertThat(store.readExamples(run.id()).orElseThrow().examples()).hasSize(64);
      assertThat(store.readPlane(run.id())).isPresent();
      assertThat(store.read(run.id()).orElseThrow().estimate("rate", Subset.TEST)).isPresent();
    }
    Call wrong =
        call("evaluate", study.toString(), "--results", results(), "--only", "memorization");
    assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(wrong.err()).contains("got estimator \"memorization\"; expected distortion");
  }

  @Test
  void aModelFileGivesTheValuesOfItsRun() throws IOException {
    Study read = StudyFile.read(study);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    RunSpec run = read.runs().get(1);
    Call evaluated = model(store.weightsFile(run.id()), "distortion,rate");
    assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.SUCCESS);
    JsonNode json = new ObjectMapper().readTree(evaluated.out());
    assertThat(json.path("trainExamples").intValue()).isEqualTo(8193);
    int compared = 0;
    for (JsonNode value : json.path("estimates")) {
      Estimate recorded =
          store
              .read(run.id())
              .orElseThrow()
              .estimate(
                  value.path("name").textValue(), Subset.parse(value.path("subset").textValue()))
              .orElseThrow();
      assertThat(value.path("value").doubleValue())
          .isCloseTo(recorded.value(), within(1e-5 * Math.abs(recorded.value())));
      assertThat(value.path("unit").textValue()).isEqualTo("nats per example");
      compared++;
    }
    assertThat(compared).isEqualTo(4);
  }

  @Test
  void usageErrorsAreOneLine() throws IOException {
    assertWrong(call("evaluate"), "got neither; expected either a STUDY or --weights");
    assertWrong(
        call("evaluate", study.toString(), "--weights", "w.safetensors"),
        "got both; expected either a STUDY or --weights");
    assertWrong(call("evaluate", "--weights", "w.safetensors"), "a model needs --architecture");
    assertWrong(model(study, "elbow"), "got estimator \"elbow\"; expected distortion,");
    assertWrong(
        call("evaluate", study.toString(), "--results", results(), "--only", "elbow"),
        "got estimator \"elbow\"; expected distortion,");
    Call noWeights = model(study, "rate");
    assertThat(noWeights.code()).isEqualTo(ExitCode.FAILED);
    assertThat(noWeights.err()).contains(study.toString());
  }

  @Test
  void aPickleInPlaceOfWeightsIsRefusedWithAdvice() throws IOException {
    byte[] bytes = new byte[200];
    System.arraycopy(new byte[] {'P', 'K', 3, 4}, 0, bytes, 0, 4);
    Call call = model(Files.write(folder.resolve("model.pt"), bytes), "rate");
    assertThat(call.code()).isEqualTo(ExitCode.FAILED);
    assertThat(call.err())
        .contains("model.pt: got a pickle, as torch.save writes it; expected a safetensors file")
        .contains("st.save_file(torch.load(\"model.pt\"")
        .doesNotContain("--stacktrace");
  }

  private static void assertWrong(Call call, String message) {
    assertThat(call.code()).as(call.err()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(call.err()).contains("ratescope: " + message);
  }

  private static Call model(Path weights, String only) {
    List<String> words =
        new ArrayList<>(
            List.of("evaluate", "--architecture", "mlp:1x8", "--latent", "2", "--seed", "0"));
    words.addAll(List.of("--weights", weights.toString(), "--examples", "64", "--json"));
    words.addAll(List.of("--train", "tetrominoes:resolution=4:cv:0.05"));
    words.addAll(List.of("--test", "tetrominoes:resolution=4:cv:0.05", "--only", only));
    return call(words.toArray(String[]::new));
  }
}
