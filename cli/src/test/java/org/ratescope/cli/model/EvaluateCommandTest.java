package org.ratescope.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.Call;
import org.ratescope.cli.SharedCache;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.results.Estimate;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/** Stored weights and models trained elsewhere, by the command. */
class EvaluateCommandTest {
  private static final String TETROMINOES = "tetrominoes:resolution=4:cv:0.05";

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

  /** On the exported arrays of its own split, and without a word about its shape. */
  @Test
  void aModelFileNeedsNoShapeAndReadsExportedImages() throws IOException {
    RunSpec run = StudyFile.read(study).runs().get(1);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Path arrays = folder.resolve("arrays");
    Call exported =
        call(
            "data",
            "export",
            "tetrominoes:resolution=4",
            "--split",
            "cv:0.05",
            "--out",
            arrays.toString());
    List<String> words =
        List.of(
            "evaluate",
            "--weights",
            store.weightsFile(run.id()).toString(),
            "--train",
            arrays.resolve("images_train.npy").toString(),
            "--test",
            arrays.resolve("images_test.npy").toString(),
            "--examples",
            "64",
            "--only",
            "distortion");
    Call evaluated = call(words.toArray(String[]::new));
    Call again =
        call(Stream.concat(words.stream(), Stream.of("--latent", "3")).toArray(String[]::new));

    assertThat(exported.code()).as(exported.err()).isEqualTo(ExitCode.SUCCESS);
    JsonNode about = new ObjectMapper().readTree(arrays.resolve("dataset.json").toFile());
    assertThat(about.path("train").intValue()).isEqualTo(8193);
    assertThat(about.path("factors")).hasSizeGreaterThan(4);
    assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(evaluated.out())
        .startsWith("1-layer MLP (8 units), 2 latent values, ")
        .contains("set    estimate ", " value   std. error  unit\n");
    Estimate recorded =
        store.read(run.id()).orElseThrow().estimate("distortion", Subset.TEST).orElseThrow();
    String line =
        evaluated.out().lines().filter(l -> l.startsWith("test   distortion ")).findFirst().get();
    assertThat(Double.parseDouble(line.split(" +", -1)[2]))
        .isCloseTo(recorded.value(), within(1e-4 * recorded.value()));
    assertThat(again.err()).contains("--latent: got 3; expected 2, the rows of mean.weight");
  }

  @Test
  void rowsAndLabelsOfAnExportAreThoseOfTheSplit() throws IOException {
    Path arrays = folder.resolve("rows");
    String set = "tetrominoes:resolution=4";
    String out = arrays.toString();
    Call exported = call("data", "export", set, "--split", "cd:0.05", "--out", out);
    Call second = call("data", "export", set, "--split", "cd:0.05", "--out", out);
    Tetrominoes source = Tetrominoes.of((DataSpec.Tetrominoes) DataSpec.parse(set));
    int[] rows = source.partition(Split.parse("cd:0.05")).rows(Subset.TRAIN);

    assertThat(exported.code()).as(exported.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(second.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(second.err()).contains("expected an empty or a new folder");
    ByteBuffer numbers = values(arrays.resolve("rows_train.npy"), 4 * rows.length);
    ByteBuffer labels =
        values(arrays.resolve("labels_train.npy"), 8 * rows.length * source.factorNames().size());
    for (int row : rows) {
      assertThat(numbers.getInt()).isEqualTo(row);
      for (double factor : source.factors(row)) {
        assertThat(labels.getDouble()).isEqualTo(factor);
      }
    }
  }

  /** The values of an array, which are the end of its file. */
  private static ByteBuffer values(Path npy, int bytes) throws IOException {
    byte[] file = Files.readAllBytes(npy);
    assertThat((file.length - bytes) % 64).isZero();
    return ByteBuffer.wrap(file, file.length - bytes, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void skippedFilesOfAFolderAreNamed() throws IOException {
    RunSpec run = StudyFile.read(study).runs().getFirst();
    Path weights = RecordStore.at(folder.resolve("results")).weightsFile(run.id());
    Path photos = Files.createDirectories(folder.resolve("photos"));
    for (int i = 0; i < 3; i++) {
      BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i, i, 0xFFFFFF);
      ImageIO.write(image, "png", photos.resolve(i + ".png").toFile());
    }
    Files.writeString(photos.resolve("a.heic"), "");
    Files.writeString(photos.resolve("b.heic"), "");
    String source = "images:" + photos + ",size=4,colour=rgb";
    String skipped = "2 (2 .heic, such as a.heic)";

    Call both = model(weights, "rate", source, source);
    assertThat(both.code()).as(both.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(both.err())
        .contains("train: files skipped: " + skipped, "test: files skipped: " + skipped);
    JsonNode json = new ObjectMapper().readTree(both.out());
    assertThat(json.path("trainSkipped").textValue()).isEqualTo(skipped);
    assertThat(json.path("testSkipped").textValue()).isEqualTo(skipped);
    assertThat(json.path("trainExamples").intValue()).isEqualTo(3);

    Call test = model(weights, "rate", TETROMINOES, source);
    assertThat(test.code()).as(test.err()).isEqualTo(ExitCode.SUCCESS);
    assertThat(test.err())
        .contains("test: files skipped: " + skipped)
        .doesNotContain("train: files skipped");
  }

  @Test
  void usageErrorsAreOneLine() throws IOException {
    assertWrong(call("evaluate"), "got neither; expected either a STUDY or --weights");
    assertWrong(
        call("evaluate", study.toString(), "--weights", "w.safetensors"),
        "got both; expected either a STUDY or --weights");
    assertWrong(call("evaluate", "--weights", "w.safetensors"), "a model needs --train");
    assertWrong(model(study, "elbow"), "got estimator \"elbow\"; expected distortion,");
    assertWrong(
        call("evaluate", study.toString(), "--results", results(), "--only", "elbow"),
        "got estimator \"elbow\"; expected distortion,");
    assertWrong(
        call("evaluate", study.toString(), "--results", results(), "--train", "x.npy"),
        "--train has no effect with a STUDY");
    assertWrong(
        call("evaluate", "--weights", "w.safetensors", "--train", "x.npy", "--where", "beta=1"),
        "--where has no effect with --weights");
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
    return model(weights, only, TETROMINOES, TETROMINOES);
  }

  private static Call model(Path weights, String only, String train, String test) {
    List<String> words =
        new ArrayList<>(
            List.of("evaluate", "--architecture", "mlp:1x8", "--latent", "2", "--seed", "0"));
    words.addAll(List.of("--weights", weights.toString(), "--examples", "64", "--json"));
    words.addAll(List.of("--train", train, "--test", test, "--only", only));
    return call(words.toArray(String[]::new));
  }
}
