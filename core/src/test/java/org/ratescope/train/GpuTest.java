package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.CudaDevice;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Training on a GPU, beside the CPU. Left out by default: {@code -Pcuda -DexcludedGroups=long
 * -Dgroups=gpu}. With {@code -Dratescope.test.device=cpu} it can be rehearsed without one.
 */
@Tag("gpu")
class GpuTest {
  private static final Device GPU =
      Device.parse(System.getProperty("ratescope.test.device", "cuda"));

  private static final int IMAGES = 500;
  private static final int DIMENSIONS = 3 * 16 * 16;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
    assumeTrue(
        Device.present().contains(GPU), "skipped: no GPU, or no build for GPUs (see docs/gpu.md)");
    Device unused = GPU.require();
  }

  @Test
  void theGpuSaysWhatItIs() {
    assumeTrue(GPU.kind() == Device.Kind.CUDA, "skipped: this is a rehearsal on the CPU");
    assertThat(CudaDevice.of(GPU).name()).isNotBlank();
    assertThat(CudaDevice.of(GPU).bytes()).isGreaterThan(1L << 30);
    String name = CudaDevice.of(GPU).name();
    assertThat(GPU.described(false)).isEqualTo("cuda (%s)".formatted(name));
    assertThat(GPU.described(true)).isEqualTo("cuda (%s, TF32)".formatted(name));
  }

  /** Float64 leaves only the order of sums: what is computed is the same. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void doublesAreThoseOfTheCpu(int k) {
    for (String architecture : List.of("mlp:1x64", "mlp:3x64", "cnn:2x16")) {
      for (Objective objective : List.of(Objective.beta(0.5), new Objective(0.5, 2))) {
        Cohort cohort = cohort(k, architecture, objective, Precision.FLOAT64);
        assertThat(
                furthest(
                    trained(cohort, GPU, bytes(), 20), trained(cohort, Device.CPU, bytes(), 20)))
            .as("%s, %s", architecture, objective)
            .isLessThan(1e-8);
      }
    }
  }

  /**
   * One float32 update. Adam's first step is the learning rate times the sign of the gradient, so
   * that a gradient that is all rounding may go either way: few do.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void floatsAreThoseOfTheCpuWithinRounding(int k) {
    Cohort cohort = cohort(k, "mlp:1x512", Objective.beta(0.1), Precision.FLOAT32);
    double[] cpu = trained(cohort, Device.CPU, floats(), 1);
    double[] gpu = trained(cohort, GPU, floats(), 1);
    long far = IntStream.range(0, cpu.length).filter(i -> Math.abs(cpu[i] - gpu[i]) > 1e-5).count();
    assertThat((double) far / cpu.length).isLessThan(1e-3);
    assertThat(furthest(gpu, cpu)).isLessThan(2.1e-3);
  }

  /** The step's own path against the same with K = 1, seed by seed. */
  @Test
  void aRunDoesNotDependOnItsCohort() {
    Cohort eight = cohort(8, "mlp:2x64", Objective.beta(1), Precision.FLOAT64);
    double[] together = trained(eight, GPU, floats(), 30);
    int length = together.length / 8;
    for (int run = 0; run < 8; run++) {
      double[] alone = trained(new Cohort(List.of(eight.runs().get(run))), GPU, floats(), 30);
      assertThat(furthest(Arrays.copyOfRange(together, run * length, (run + 1) * length), alone))
          .isLessThan(1e-9);
    }
  }

  /** Killed at any point and resumed from its checkpoint: the same bits. */
  @Test
  void aKilledRunResumes(@TempDir Path folder) throws Exception {
    Cohort cohort = cohort(8, "mlp:1x64", Objective.beta(0.5), Precision.FLOAT32);
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool = floats().on(GPU);
      TrainingState whole = TrainingState.initial(cohort, GPU);
      steps(cohort, pool, whole, 40);
      TrainingState first = TrainingState.initial(cohort, GPU);
      steps(cohort, pool, first, 17);
      Checkpoint checkpoint = Checkpoint.of(folder, cohort, Duration.ofDays(1));
      checkpoint.write(first);
      TrainingState resumed = checkpoint.read(GPU).orElseThrow();
      steps(cohort, pool, resumed, 23);
      assertThat(Tensors.floats(resumed.parameters().rows()))
          .isEqualTo(Tensors.floats(whole.parameters().rows()));
    }
  }

  @Test
  void divergenceIsFoundAtTheCpusUpdate() {
    List<RunSpec> runs = new ArrayList<>(runs(3, "mlp:1x64", Objective.beta(1), 1e-3));
    runs.add(runs(1, "mlp:1x64", Objective.beta(1), 1e30).getFirst());
    Cohort cohort = new Cohort(runs);
    try (PointerScope scope = new PointerScope()) {
      TrainingState cpu = TrainingState.initial(cohort);
      steps(cohort, floats(), cpu, 20);
      TrainingState gpu = TrainingState.initial(cohort, GPU);
      steps(cohort, floats().on(GPU), gpu, 20);
      for (int run = 0; run < cohort.size(); run++) {
        assertThat(gpu.outcome(run)).isEqualTo(cpu.outcome(run));
      }
      assertThat(gpu.isTraining(3)).isFalse();
    }
  }

  /** The largest difference; a number that is none is as far as can be. */
  private static double furthest(double[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    return IntStream.range(0, found.length)
        .mapToDouble(i -> Math.abs(found[i] - expected[i]))
        .map(difference -> difference >= 0 ? difference : Double.POSITIVE_INFINITY)
        .max()
        .orElseThrow();
  }

  private static double[] trained(Cohort cohort, Device device, ImageTensor pool, int steps) {
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(cohort, device);
      steps(cohort, pool.on(device), state, steps);
      return Tensors.doubles(state.parameters().rows());
    }
  }

  private static void steps(Cohort cohort, ImageTensor pool, TrainingState state, int count) {
    int[] rows = IntStream.range(0, IMAGES).toArray();
    TrainStep program =
        new TrainStep(cohort, pool, cohort.runs().stream().map(run -> rows).toList(), state);
    for (int step = 0; step < count; step++) {
      program.step(false);
    }
    program.settle();
  }

  private static ImageTensor floats() {
    float[] pixels = new float[IMAGES * DIMENSIONS];
    RunRandom random = RunRandom.of(99, RunRandom.Stream.NOISE, 0);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.uniform(2L * i) < 0.9 ? 0 : (float) random.uniform(2L * i + 1);
    }
    return ImageTensor.of(pixels, IMAGES, DIMENSIONS);
  }

  private static ImageTensor bytes() {
    return new ImageTensor(
        floats()
            .images()
            .mul(new org.bytedeco.pytorch.Scalar(255.0))
            .to(org.bytedeco.pytorch.global.torch.ScalarType.Byte));
  }

  private static Cohort cohort(
      int k, String architecture, Objective objective, Precision precision) {
    return new Cohort(
        runs(k, architecture, objective, 1e-3).stream()
            .map(run -> precise(run, precision))
            .toList());
  }

  private static RunSpec precise(RunSpec run, Precision precision) {
    return new RunSpec(
        run.data(),
        run.split(),
        run.architecture(),
        run.latentSize(),
        run.likelihood(),
        run.objective(),
        new Training(1000, 64, run.training().learningRate(), precision),
        run.seed());
  }

  private static List<RunSpec> runs(
      int k, String architecture, Objective objective, double learningRate) {
    return IntStream.range(0, k)
        .mapToObj(
            seed ->
                new RunSpec(
                    DataSpec.parse("tetrominoes:resolution=16"),
                    new Split.Default(),
                    Architecture.parse(architecture),
                    4,
                    Likelihood.parse("bernoulli"),
                    objective,
                    new Training(1000, 64, learningRate, Precision.FLOAT32),
                    seed))
        .toList();
  }
}
