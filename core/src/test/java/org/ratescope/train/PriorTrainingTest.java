package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.WeightsFile;
import org.ratescope.results.Outcome;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Cohorts with learned priors in the training loop. */
class PriorTrainingTest {
  private static final int IMAGES = 60;
  private static final int D = 48;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  private static RunSpec run(
      String prior, Objective objective, double learningRate, Precision precision, long seed) {
    return new RunSpec(
        new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4),
        new Split.Default(),
        Architecture.parse("mlp:1x16"),
        3,
        Likelihood.parse("bernoulli"),
        Prior.parse(prior),
        objective,
        new Training(1000, 10, learningRate, precision),
        seed);
  }

  private static TrainStep step(Cohort cohort, TrainingState state) {
    double[] pixels = new double[IMAGES * D];
    Arrays.setAll(pixels, RunRandom.of(9, RunRandom.Stream.NOISE, 0)::uniform);
    ImageTensor pool = new ImageTensor(Tensors.tensor(ScalarType.Float, pixels, IMAGES, D));
    int[] rows = IntStream.range(0, IMAGES).toArray();
    return new TrainStep(cohort, pool, cohort.runs().stream().map(run -> rows).toList(), state);
  }

  private static void train(Cohort cohort, TrainingState state, int to) {
    TrainStep step = step(cohort, state);
    while (state.step() < to) {
      step.step(state.step() % 10 == 0);
    }
  }

  /** With both kinds of objectives; the loss falls, and the prior's parameters move. */
  @ParameterizedTest
  @ValueSource(strings = {"gaussian", "mixture:5", "vamp:5", "exemplar:5", "flow:3"})
  void aResumedCohortEndsWithTheSameBits(String prior) throws Exception {
    for (Objective second : List.of(Objective.beta(2), new Objective(0.5, 2))) {
      Cohort cohort =
          new Cohort(
              List.of(
                  run(prior, second, 1e-2, Precision.FLOAT32, 1),
                  run(prior, second, 3e-3, Precision.FLOAT32, 2)));
      try (PointerScope scope = new PointerScope()) {
        TrainingState whole = TrainingState.initial(cohort);
        train(cohort, whole, 41);
        TrainingState first = TrainingState.initial(cohort);
        train(cohort, first, 17);
        Checkpoint checkpoint = Checkpoint.of(folder, cohort, Duration.ofDays(1));
        checkpoint.write(first);
        TrainingState resumed = checkpoint.read(Device.CPU).orElseThrow();
        train(cohort, resumed, 41);
        assertThat(Tensors.floats(resumed.parameters().rows()))
            .containsExactly(Tensors.floats(whole.parameters().rows()));
        for (int k = 0; k < 2; k++) {
          assertThat(resumed.trace(k)).isEqualTo(whole.trace(k)).hasSize(5);
          assertThat(whole.trace(k).getLast().distortion())
              .isLessThan(whole.trace(k).getFirst().distortion());
        }
        TrainingState initial = TrainingState.initial(cohort);
        TrainStep unused = step(cohort, initial);
        WeightsFile.views(initial.parameters(), 0)
            .forEach(
                (name, view) -> {
                  Tensor after =
                      Objects.requireNonNull(WeightsFile.views(whole.parameters(), 0).get(name));
                  if (name.startsWith("prior.")) {
                    assertThat(Arrays.equals(Tensors.floats(view), Tensors.floats(after)))
                        .as(name)
                        .isEqualTo(name.equals("prior.images"));
                  }
                });
      }
    }
  }

  /** Different training images for each run, without repetition, as values in [0, 1]. */
  @ParameterizedTest
  @CsvSource({
    "vamp:7, prior.inputs, FLOAT32", "vamp:7, prior.inputs, FLOAT64",
    "exemplar:7, prior.images, FLOAT32", "exemplar:7, prior.images, FLOAT64"
  })
  void priorsStartFromTrainingImagesOfEightBits(String prior, String name, Precision precision) {
    Cohort cohort =
        new Cohort(
            List.of(
                run(prior, Objective.beta(1), 1e-3, precision, 1),
                run(prior, Objective.beta(1), 1e-3, precision, 2)));
    try (PointerScope scope = new PointerScope()) {
      double[] bytes = new double[IMAGES * D];
      Arrays.setAll(bytes, i -> (i * 37 + i / D * 11) % 256);
      Tensor stored = Tensors.tensor(ScalarType.Double, bytes, IMAGES, D).to(ScalarType.Byte);
      int[] rows = IntStream.range(0, IMAGES).filter(row -> row % 3 == 0).toArray();
      TrainingState state = TrainingState.initial(cohort);
      TrainStep unused = new TrainStep(cohort, new ImageTensor(stored), List.of(rows, rows), state);
      List<String> first = images(state, 0, name);
      List<String> second = images(state, 1, name);
      List<String> allowed =
          Arrays.stream(rows).mapToObj(row -> image(bytes, row, precision)).toList();
      assertThat(first).hasSize(7).doesNotHaveDuplicates().isSubsetOf(allowed);
      assertThat(second).hasSize(7).doesNotHaveDuplicates().isSubsetOf(allowed).isNotEqualTo(first);
    }
  }

  private static List<String> images(TrainingState state, int k, String name) {
    double[] values =
        Tensors.doubles(Objects.requireNonNull(WeightsFile.views(state.parameters(), k).get(name)));
    return IntStream.range(0, values.length / D)
        .mapToObj(i -> Arrays.toString(Arrays.copyOfRange(values, i * D, (i + 1) * D)))
        .toList();
  }

  private static String image(double[] bytes, int row, Precision precision) {
    return Arrays.toString(
        Arrays.stream(bytes, row * D, (row + 1) * D)
            .map(n -> precision == Precision.FLOAT32 ? (float) n / 255f : n / 255)
            .toArray());
  }

  /** A learning rate that breaks one run leaves its neighbour, with any prior. */
  @ParameterizedTest
  @ValueSource(strings = {"gaussian", "mixture:5", "vamp:5", "exemplar:5", "flow:3"})
  void aDivergingPriorIsADivergedRun(String prior) {
    Cohort cohort =
        new Cohort(
            List.of(
                run(prior, Objective.beta(1), 1e30, Precision.FLOAT32, 1),
                run(prior, Objective.beta(1), 1e-3, Precision.FLOAT32, 2)));
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      train(cohort, state, 10);
      assertThat(state.outcome(0)).isInstanceOf(Outcome.Diverged.class);
      assertThat(state.outcome(1)).isEqualTo(new Outcome.Finished(10));
    }
  }

  /** Copies of one image alone leave an exemplar prior nothing to be made of. */
  @Test
  void exemplarsOfOneImageDiverge() {
    Cohort cohort =
        new Cohort(List.of(run("exemplar:2", Objective.beta(1), 1e-3, Precision.FLOAT32, 1)));
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool = ImageTensor.of(new float[4 * D], 4, D);
      TrainingState state = TrainingState.initial(cohort);
      new TrainStep(cohort, pool, List.of(new int[] {0, 1, 2, 3}), state).step(false);
      assertThat(state.outcome(0)).isEqualTo(new Outcome.Diverged(0));
    }
  }

  @ParameterizedTest
  @CsvSource({"mixture:11, 11", "vamp:128, 128", "exemplar:256, 256"})
  void morePartsThanImagesAreRefused(String prior, int least) {
    Training training = new Training(10, 4, 1e-3, Precision.FLOAT32);
    assertThatThrownBy(() -> Trainer.requireRows(10, training, Prior.parse(prior)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prior %s needs at least %d training images, there are 10; choose a smaller number or a larger training set"
                .formatted(prior, least));
  }

  /** Images that are set aside for early stopping are none that a prior may have. */
  @Test
  void validationImagesDoNotCount() {
    Training training = new Training(10, 4, 1e-3, Precision.FLOAT32);
    Training stopping = training.stopping(Stopping.parse("patience:3"));
    int[] rows = IntStream.range(0, 10).toArray();
    Trainer.requireRows(rows.length, training, Prior.parse("vamp:10"));
    assertThatThrownBy(() -> Trainer.requireRows(rows.length, stopping, Prior.parse("vamp:10")))
        .hasMessageContaining("there are 6");
  }
}
