package org.ratescope.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.ImportanceSampling;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.LogWeights;
import org.ratescope.estimate.posterior.Proposal;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.Estimate;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.tensor.ImageTensor;

/** Runs that leave a fold of a training set out, and what is computed from all of them. */
class FoldStudyTest {
  private static final String TEXT =
      """
      name: folds
      data: {array: squares.npy, size: 4, colour: grey}
      splits: [cv:0.5]
      architectures: [mlp:1x8]
      latent: 2
      objective: {beta: [1]}
      restarts: 1
      training: {iterations: 100, batch: 8}
      evaluation: {estimators: [distortion], examples: 60}
      """;

  @TempDir Path folder;

  private Study study(String more) throws IOException {
    Path file = folder.resolve("folds.yaml");
    Files.writeString(file, TEXT + more);
    Files.write(folder.resolve("squares.npy"), squares());
    return StudyFile.read(file);
  }

  /** 80 pictures of 4 by 4 random pixels, as an array file of uint8. */
  private static byte[] squares() throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (80, 4, 4), }";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    bytes.write((header + " ".repeat(117 - header.length()) + "\n").getBytes(UTF_8));
    byte[] pixels = new byte[80 * 16];
    new Random(5).nextBytes(pixels);
    bytes.write(pixels);
    return bytes.toByteArray();
  }

  @Test
  void aStudyAddsTheSplitsAndTheEstimates() throws Exception {
    Study plain = study("");
    Study study = study("twin-halves: true\nleave-one-out: 3\n");
    assertThat(study.splits())
        .extracting(Split::text)
        .containsExactly(
            "cv:0.5",
            "cv:0.5/without:1of2",
            "cv:0.5/without:2of2",
            "cv:0.5/without:1of3",
            "cv:0.5/without:2of3",
            "cv:0.5/without:3of3");
    assertThat(study.evaluation().estimators())
        .containsExactly("distortion", "twinHalves", "leaveOneOut");
    assertThat(study.runs().getFirst().id()).isEqualTo(plain.runs().getFirst().id());
    assertThat(study("twin-halves: false\nleave-one-out: none\n")).isEqualTo(plain);
    assertThatThrownBy(() -> study("leave-one-out: 1\n"))
        .hasMessageContaining("leave-one-out: got 1; expected");
    assertThatThrownBy(() -> study("twin-halves: maybe\n"))
        .hasMessageContaining("twin-halves: got \"maybe\"; expected true, false");
  }

  @Test
  void theLastRunHasTheValuesOfAllFolds() throws Exception {
    Study study = study("twin-halves: true\nleave-one-out: 3\n");
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Path cache = folder.resolve("cache");
    assertThat(
            LocalRunner.of(store, cache)
                .workers(1)
                .run(Planner.of(store, 1).plan(study), Progress.SILENT))
        .isZero();
    List<RunSpec> runs = study.runs();
    assertThat(store.read(runs.getFirst().id()).orElseThrow().estimates())
        .extracting(Estimate::name)
        .containsOnly("distortion");
    try (PointerScope scope = new PointerScope()) {
      ImageSet images = ImageLibrary.at(cache).open(study.data(), BuildListener.SILENT);
      ImageTensor pool = Examples.pool(images);
      compareTwins(runs.subList(1, 3), store, images, pool);
      compareFolds(runs.subList(3, 6), store, images, pool);
    }
  }

  private static void compareTwins(
      List<RunSpec> halves, RecordStore store, ImageSet images, ImageTensor pool)
      throws IOException {
    List<TrainedModel> models = models(halves, store);
    Examples tests =
        Examples.of(pool, images.partition(halves.getFirst().split()), Subset.TEST, 60);
    int size = tests.size();
    double between = 0;
    double toOwn = 0;
    double toImage = 0;
    for (int n = 0; n < size; n++) {
      float[] a = models.getFirst().reconstruct(tests, n);
      float[] b = models.getLast().reconstruct(tests, n);
      between += distance(a, b) / size;
      toOwn +=
          (nearest(a, halves.getFirst(), images) + nearest(b, halves.getLast(), images))
              / (2.0 * size);
      float[] x = pool.image(tests.row(n));
      toImage += (distance(a, x) + distance(b, x)) / (2.0 * size);
    }
    List<RunRecord> found = records(halves, store, "twinHalves", Subset.TEST);
    for (RunRecord record : found) {
      Estimate twins = record.estimate("twinHalves", Subset.TEST).orElseThrow();
      assertThat(twins.value()).isCloseTo(between, within(1e-5));
      assertThat(twins.standardError()).isPositive();
      assertThat(twins.settings()).isEqualTo("training halves of 20 and 20 images");
      assertThat(value(record, "twinHalves.toOwnTrainingSet", Subset.TEST))
          .isCloseTo(toOwn, within(1e-5));
      assertThat(value(record, "twinHalves.toImage", Subset.TEST)).isCloseTo(toImage, within(1e-5));
    }
  }

  private static void compareFolds(
      List<RunSpec> folds, RecordStore store, ImageSet images, ImageTensor pool)
      throws IOException {
    List<TrainedModel> models = models(folds, store);
    Examples examples =
        Examples.of(pool, images.partition(Split.parse("cv:0.5")), Subset.TRAIN, 64);
    ImportanceSampling sampling = ImportanceSampling.of("l", Proposal.DEFENSIVE, 2000, 64);
    List<double[]> logMarginals = new ArrayList<>();
    List<Set<Integer>> trained = new ArrayList<>();
    for (int f = 0; f < 3; f++) {
      logMarginals.add(
          sampling.weights(models.get(f), examples, folds.get(f).seed()).stream()
              .mapToDouble(LogWeights::logMean)
              .toArray());
      int[] rows = images.partition(folds.get(f).split()).rows(Subset.TRAIN);
      trained.add(Arrays.stream(rows).boxed().collect(Collectors.toSet()));
    }
    double sum = 0;
    double largest = Double.NEGATIVE_INFINITY;
    int size = examples.size();
    for (int n = 0; n < size; n++) {
      double with = 0;
      double without = 0;
      for (int f = 0; f < 3; f++) {
        if (trained.get(f).contains(examples.row(n))) {
          with += logMarginals.get(f)[n] / 2;
        } else {
          without += logMarginals.get(f)[n];
        }
      }
      sum += (with - without) / size;
      largest = Math.max(largest, with - without);
    }
    for (RunRecord record : records(folds, store, "leaveOneOut", Subset.TRAIN)) {
      assertThat(value(record, "leaveOneOut", Subset.TRAIN)).isCloseTo(sum, within(1e-9));
      assertThat(value(record, "leaveOneOut.largest", Subset.TRAIN))
          .isCloseTo(largest, within(1e-9));
      assertThat(record.estimate("leaveOneOut", Subset.TRAIN).orElseThrow().settings())
          .isEqualTo("3 folds of 40 training images, S=2000 for each model");
    }
  }

  /** Folds are disjoint and nearly equal, cover the training set, and keep the test set. */
  @Test
  void foldsDivideTheTrainingSet() {
    int[] rows = {0, 2, 3, 5, 8, 9, 11};
    Partition whole = Partition.of(rows, new int[] {1, 4});
    Set<Integer> left = new HashSet<>();
    for (int fold = 1; fold <= 3; fold++) {
      Partition without = whole.without(new Split.WithoutFold(new Split.Default(), fold, 3));
      assertThat(without.rows(Subset.TEST)).containsExactly(1, 4);
      assertThat(without.size(Subset.TRAIN)).isBetween(4, 5);
      Set<Integer> trained =
          Arrays.stream(without.rows(Subset.TRAIN)).boxed().collect(Collectors.toSet());
      Arrays.stream(rows)
          .filter(row -> !trained.contains(row))
          .forEach(
              row -> {
                assertThat(left.add(row)).as("row " + row + " is in one fold").isTrue();
              });
    }
    assertThat(left).hasSize(7);
    assertThatThrownBy(() -> whole.without(new Split.WithoutFold(new Split.Default(), 1, 8)))
        .hasMessage(
            "split default/without:1of8 has 8 folds of 7 training rows; expected at most as many"
                + " folds as rows");
  }

  @Test
  void theTextForm() {
    for (String text : List.of("cv:0.1/without:2of4", "heldout:a/b/without:1of2")) {
      Split split = Split.parse(text);
      assertThat(split).isInstanceOf(Split.WithoutFold.class);
      assertThat(split.text()).isEqualTo(text);
    }
    assertThat(Split.parse("cv:0.1/without:2of4").displayName())
        .isEqualTo("CV 0.1 without fold 2 of 4");
    assertThat(Split.parse("cv:0.1/without:2of4").kind()).isEqualTo("cv");
    Split odd = new Split.HeldOut("a/without:1of2"); // a class of that name
    assertThat(Split.parse(odd.text())).isEqualTo(odd);
    for (String text :
        List.of(
            "cv:0.1/without:3of2",
            "cv:0.1/without:0of2",
            "default/without:1of2/without:1of2",
            "cv:0.1/without:1",
            "/without:1of2")) {
      assertThatThrownBy(() -> Split.parse(text))
          .hasMessageContaining("got \"" + text + "\"; expected default");
    }
  }

  private static List<TrainedModel> models(List<RunSpec> runs, RecordStore store)
      throws IOException {
    List<TrainedModel> models = new ArrayList<>();
    for (RunSpec run : runs) {
      Parameters parameters =
          Parameters.zeros(ParameterLayout.of(run), run.training().precision(), 1);
      WeightsFile.read(store.weightsFile(run.id()), run, parameters, 0);
      models.add(TrainedModel.of(parameters, 0, run.likelihood()));
    }
    return models;
  }

  /** The records that have the value: at least that of the run that ended last. */
  private static List<RunRecord> records(
      List<RunSpec> runs, RecordStore store, String name, Subset subset) {
    List<RunRecord> found =
        runs.stream()
            .flatMap(run -> record(store, run))
            .filter(record -> record.estimate(name, subset).isPresent())
            .toList();
    assertThat(found).as(name).isNotEmpty();
    return found;
  }

  private static Stream<RunRecord> record(RecordStore store, RunSpec run) {
    try {
      return store.read(run.id()).stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static double value(RunRecord record, String name, Subset subset) {
    return record.estimate(name, subset).orElseThrow().value();
  }

  private static double nearest(float[] x, RunSpec run, ImageSet images) {
    return Arrays.stream(images.partition(run.split()).rows(Subset.TRAIN))
        .mapToDouble(row -> distance(x, images.image(row)))
        .min()
        .orElseThrow();
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
