package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Convolutional networks in cohorts: alone or together, interrupted or not, for long. */
@Isolated("it counts native pointers of the process")
class CnnTrainerTest {
  private static final DataSpec DATA =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 8);
  private static final int IMAGES = 100;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @Test
  void aRunDoesNotDependOnItsCohort() {
    List<RunSpec> runs = List.of(spec(1, 2, 1e-2), spec(7, 0.5, 1e-3), spec(9, 0.1, 1e-3));
    List<float[]> together = train(runs, 30);
    for (int k = 0; k < runs.size(); k++) {
      assertThat(together.get(k))
          .containsExactly(train(List.of(runs.get(k)), 30).getFirst(), within(2e-6f));
    }
  }

  @Test
  void aResumedCohortEndsWithTheSameBits() throws Exception {
    Cohort cohort = new Cohort(List.of(spec(1, 0.5, 1e-3), spec(2, 2, 1e-2)));
    try (PointerScope scope = new PointerScope()) {
      TrainingState whole = TrainingState.initial(cohort);
      steps(cohort, whole, 25);
      TrainingState half = TrainingState.initial(cohort);
      steps(cohort, half, 11);
      Checkpoint checkpoint = Checkpoint.of(folder, cohort, Duration.ofDays(1));
      checkpoint.write(half);
      TrainingState resumed = checkpoint.read(Device.CPU).orElseThrow();
      steps(cohort, resumed, 14);
      assertThat(Tensors.floats(resumed.parameters().rows()))
          .containsExactly(Tensors.floats(whole.parameters().rows()));
    }
  }

  /** Each image is one of two: a code of two values tells them apart, a constant cannot. */
  @Test
  void trainingTellsImagesApart() {
    Cohort cohort = new Cohort(List.of(spec(1, 0.01, 1e-2)));
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      TrainStep trainer = trainer(cohort, state, halves());
      for (int i = 0; i < 300; i++) {
        trainer.step(i == 299);
      }
      double values = DATA.dimensions();
      assertThat(state.trace(0).getFirst().distortion()).isLessThan(0.05 * values * Math.log(2));
    }
  }

  @Test
  void nativeMemoryStaysFlatOverAThousandSteps() {
    Cohort cohort = new Cohort(List.of(spec(1, 1, 1e-3), spec(2, 1, 1e-3)));
    try (PointerScope scope = new PointerScope()) {
      TrainStep trainer = trainer(cohort, TrainingState.initial(cohort), pixels());
      for (int i = 0; i < 200; i++) {
        trainer.step(true);
      }
      NativeMemory.staysFlatOver(
          () -> {
            for (int i = 0; i < 1000; i++) {
              trainer.step(true);
            }
          });
    }
  }

  private static List<float[]> train(List<RunSpec> runs, int steps) {
    Cohort cohort = new Cohort(runs);
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      steps(cohort, state, steps);
      List<float[]> weights = new ArrayList<>();
      for (int k = 0; k < runs.size(); k++) {
        weights.add(Tensors.floats(state.parameters().row(k)));
      }
      return weights;
    }
  }

  private static void steps(Cohort cohort, TrainingState state, int steps) {
    TrainStep trainer = trainer(cohort, state, pixels());
    for (int i = 0; i < steps; i++) {
      trainer.step(false);
    }
  }

  private static TrainStep trainer(Cohort cohort, TrainingState state, double[] pixels) {
    ImageTensor pool =
        new ImageTensor(Tensors.tensor(ScalarType.Float, pixels, IMAGES, DATA.dimensions()));
    int[] rows = new int[IMAGES];
    Arrays.setAll(rows, i -> i);
    return new TrainStep(cohort, pool, cohort.runs().stream().map(run -> rows).toList(), state);
  }

  private static double[] pixels() {
    double[] pixels = new double[IMAGES * DATA.dimensions()];
    Arrays.setAll(pixels, RunRandom.of(99, RunRandom.Stream.NOISE, 0)::uniform);
    return pixels;
  }

  /** Images that are white at the top or at the bottom. */
  private static double[] halves() {
    double[] pixels = new double[IMAGES * DATA.dimensions()];
    int plane = DATA.height() * DATA.width();
    for (int i = 0; i < pixels.length; i++) {
      boolean top = i % plane < plane / 2;
      boolean odd = i / DATA.dimensions() % 2 == 1;
      pixels[i] = top == odd ? 1 : 0;
    }
    return pixels;
  }

  private static RunSpec spec(long seed, double beta, double learningRate) {
    return new RunSpec(
        DATA,
        new Split.Default(),
        Architecture.parse("cnn:2x8"),
        2,
        Likelihood.parse("bernoulli"),
        Objective.beta(beta),
        new Training(1000, 20, learningRate, Precision.FLOAT32),
        seed);
  }
}
