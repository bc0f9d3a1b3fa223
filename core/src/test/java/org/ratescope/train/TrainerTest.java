package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
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

@Isolated("it counts native pointers of the process")
class TrainerTest {
  private static final int IMAGES = 200;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @Test
  void aRunDoesNotDependOnItsCohort() throws Exception {
    RunSpec run = spec(7, 0.5, 1e-3, Precision.FLOAT32);
    float[] alone = train(List.of(run), 30).getFirst();
    float[] among =
        train(
                List.of(
                    spec(1, 2, 1e-2, Precision.FLOAT32),
                    run,
                    spec(9, 0.1, 1e-3, Precision.FLOAT32)),
                30)
            .get(1);
    assertThat(among).containsExactly(alone, within(2e-6f));
  }

  @Test
  void aResumedCohortEndsWithTheSameBits() throws Exception {
    Cohort cohort =
        new Cohort(
            List.of(spec(1, 0.5, 1e-3, Precision.FLOAT32), spec(2, 2, 1e-2, Precision.FLOAT32)));
    try (PointerScope scope = new PointerScope()) {
      TrainingState whole = TrainingState.initial(cohort);
      TrainStep trainer = trainer(cohort, whole);
      for (int i = 0; i < 40; i++) {
        trainer.step(i % 10 == 0);
      }
      TrainingState first = TrainingState.initial(cohort);
      TrainStep half = trainer(cohort, first);
      for (int i = 0; i < 17; i++) {
        half.step(i % 10 == 0);
      }
      Checkpoint checkpoint = Checkpoint.of(folder, cohort, Duration.ofDays(1));
      checkpoint.write(first);
      TrainingState resumed = checkpoint.read(Device.CPU).orElseThrow();
      TrainStep rest = trainer(cohort, resumed);
      for (int i = 17; i < 40; i++) {
        rest.step(i % 10 == 0);
      }
      assertThat(Tensors.floats(resumed.parameters().rows()))
          .containsExactly(Tensors.floats(whole.parameters().rows()));
      assertThat(Tensors.floats(resumed.largestSecondMoments().rows()))
          .containsExactly(Tensors.floats(whole.largestSecondMoments().rows()));
      assertThat(resumed.trace(1)).isEqualTo(whole.trace(1)).hasSize(4);
    }
  }

  @Test
  void damagedCheckpointsAreRefused() throws Exception {
    Cohort cohort = new Cohort(List.of(spec(1, 0.5, 1e-3, Precision.FLOAT32)));
    try (PointerScope scope = new PointerScope()) {
      Checkpoint checkpoint = Checkpoint.of(folder, cohort, Duration.ofDays(1));
      assertThat(checkpoint.read(Device.CPU)).isEmpty();
      checkpoint.write(TrainingState.initial(cohort));
      Path file = folder.resolve(cohort.id().hex() + ".safetensors");
      assertThat(Checkpoint.cohorts(folder)).containsExactly(List.of(cohort.first().id()));
      byte[] bytes = Files.readAllBytes(file);
      byte[] flipped = bytes.clone();
      flipped[bytes.length - 100] ^= 4;
      Files.write(file, flipped);
      assertThat(catchIo(checkpoint)).contains("the checksum is ");
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      assertThat(catchIo(checkpoint)).contains("is cut short");
    }
  }

  private static String catchIo(Checkpoint checkpoint) {
    try {
      return "no error: " + checkpoint.read(Device.CPU);
    } catch (java.io.IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void aDivergingRunLeavesItsNeighboursUntouched() throws Exception {
    RunSpec left = spec(1, 0.5, 1e-3, Precision.FLOAT32);
    RunSpec right = spec(2, 2, 1e-3, Precision.FLOAT32);
    Cohort broken = new Cohort(List.of(left, spec(3, 1, 1e30, Precision.FLOAT32), right));
    Cohort sound = new Cohort(List.of(left, spec(3, 1, 1e-3, Precision.FLOAT32), right));
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(broken);
      TrainingState twin = TrainingState.initial(sound);
      TrainStep trainer = trainer(broken, state);
      TrainStep twinTrainer = trainer(sound, twin);
      for (int i = 0; i < 20; i++) {
        trainer.step(true);
        twinTrainer.step(true);
      }
      assertThat(state.outcome(1)).isEqualTo(new Outcome.Diverged(1));
      assertThat(state.trace(1)).hasSize(1);
      for (int k : new int[] {0, 2}) {
        assertThat(state.outcome(k)).isEqualTo(new Outcome.Finished(20));
        assertThat(Tensors.floats(state.parameters().row(k)))
            .containsExactly(Tensors.floats(twin.parameters().row(k)));
        assertThat(state.trace(k)).isEqualTo(twin.trace(k));
      }
    }
  }

  @Test
  void trainingBeatsEveryConstantImage() throws Exception {
    Cohort cohort = new Cohort(List.of(spec(1, 0.01, 1e-2, Precision.FLOAT64)));
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      TrainStep trainer = trainer(cohort, state);
      for (int i = 0; i < 1000; i++) {
        trainer.step(i == 0 || i >= 900);
      }
      List<LossPoint> trace = state.trace(0);
      double last =
          trace.stream().skip(1).mapToDouble(LossPoint::distortion).average().orElseThrow();
      double constant = distortionOfTheMeanImage();
      assertThat(trace.getFirst().distortion()).isGreaterThan(constant);
      assertThat(last).isBetween(24.0, constant - 1);
    }
  }

  /**
   * The entropy of the pixel means, Σ_j H(mean_j): the smallest distortion without a latent code.
   */
  private static double distortionOfTheMeanImage() {
    double[] pixels = pixels();
    double sum = 0;
    for (int j = 0; j < 48; j++) {
      double mean = 0;
      for (int i = 0; i < IMAGES; i++) {
        mean += pixels[i * 48 + j] / IMAGES;
      }
      sum -= mean * Math.log(mean) + (1 - mean) * Math.log(1 - mean);
    }
    return sum;
  }

  @Test
  void nativeMemoryStaysFlatOverAThousandSteps() throws Exception {
    Cohort cohort = new Cohort(List.of(spec(1, 1, 1e-3, Precision.FLOAT32)));
    try (PointerScope scope = new PointerScope()) {
      TrainStep trainer = trainer(cohort, TrainingState.initial(cohort));
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

  /** Hidden units that are never active have no gradient, and their moments only decay. */
  @Test
  @EnabledIfSystemProperty(
      named = "os.arch",
      matches = "amd64",
      disabledReason = "libtorch promises this for x86-64")
  void decayedMomentsBecomeZeroInsteadOfSubnormal() throws Exception {
    Cohort cohort = new Cohort(List.of(spec(1, 1, 1e-3, Precision.FLOAT32)));
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      TrainStep trainer = trainer(cohort, state);
      state.parameters().rows().zero_();
      state.firstMoments().rows().fill_(new Scalar(1e-39f));
      trainer.step(false);
      float[] moments = Tensors.floats(state.firstMoments().rows());
      int zeros = 0;
      for (float moment : moments) {
        assertThat(Math.abs(moment) > 0 && Math.abs(moment) < Float.MIN_NORMAL).isFalse();
        zeros += moment == 0 ? 1 : 0;
      }
      assertThat(zeros).isPositive();
    }
  }

  /** A sparse first layer, which a cohort has whose images are all sparse, would not round. */
  @Test
  void theFirstLayerOfRunsWithRoundedProductsDoesNotDependOnTheNeighboursImages() {
    assertThat(gradientsBeside(0.9, Training.Products.BF16))
        .containsExactly(gradientsBeside(0.2, Training.Products.BF16));
    assertThat(gradientsBeside(0.9, Training.Products.FLOAT32))
        .isNotEqualTo(gradientsBeside(0.2, Training.Products.FLOAT32));
  }

  /** Of a run of images with a fifth of the values, beside one of images with that share. */
  private static float[] gradientsBeside(double share, Training.Products products) {
    int values = 3 * 16 * 16;
    double[] pixels = new double[IMAGES * values];
    RunRandom random = RunRandom.of(5, RunRandom.Stream.NOISE, 0);
    for (int i = 0; i < pixels.length; i++) {
      double kept = i / values < IMAGES / 2 ? 0.2 : share;
      pixels[i] = random.uniform(2L * i) < kept ? random.uniform(2L * i + 1) : 0;
    }
    Training training = new Training(1000, 20, 1e-3, Precision.FLOAT32).products(products);
    Cohort cohort = new Cohort(List.of(spec(16, 1, 1, training), spec(16, 2, 1, training)));
    List<int[]> rows =
        List.of(
            IntStream.range(0, IMAGES / 2).toArray(),
            IntStream.range(IMAGES / 2, IMAGES).toArray());
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      ImageTensor pool = new ImageTensor(Tensors.tensor(ScalarType.Float, pixels, IMAGES, values));
      new TrainStep(cohort, pool, rows, state).step(false);
      return Tensors.floats(state.firstMoments().row(0)); // a tenth of the gradients
    }
  }

  private static List<float[]> train(List<RunSpec> runs, int steps) {
    Cohort cohort = new Cohort(runs);
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort);
      TrainStep trainer = trainer(cohort, state);
      for (int i = 0; i < steps; i++) {
        trainer.step(false);
      }
      List<float[]> weights = new ArrayList<>();
      for (int k = 0; k < runs.size(); k++) {
        weights.add(Tensors.floats(state.parameters().row(k)));
      }
      return weights;
    }
  }

  private static TrainStep trainer(Cohort cohort, TrainingState state) {
    Tensor pool = Tensors.tensor(ScalarType.Float, pixels(), IMAGES, 48);
    int[] rows = new int[IMAGES];
    Arrays.setAll(rows, i -> i);
    return new TrainStep(
        cohort, new ImageTensor(pool), cohort.runs().stream().map(run -> rows).toList(), state);
  }

  private static double[] pixels() {
    double[] pixels = new double[IMAGES * 48];
    RunRandom random = RunRandom.of(99, RunRandom.Stream.NOISE, 0);
    Arrays.setAll(pixels, random::uniform);
    return pixels;
  }

  private static RunSpec spec(long seed, double beta, double learningRate, Precision precision) {
    return spec(4, seed, beta, new Training(1000, 20, learningRate, precision));
  }

  private static RunSpec spec(int resolution, long seed, double beta, Training training) {
    return new RunSpec(
        new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, resolution),
        new Split.Default(),
        Architecture.parse("mlp:2x16"),
        3,
        Likelihood.parse("bernoulli"),
        Objective.beta(beta),
        training,
        seed);
  }
}
