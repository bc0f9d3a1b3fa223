package org.ratescope.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;

/** Estimates on a GPU, beside the CPU's. Left out by default, see {@code train.GpuTest}. */
@Tag("gpu")
class GpuEstimateTest {
  private static final Device GPU =
      Device.parse(System.getProperty("ratescope.test.device", "cuda"));

  private static final int TRAIN = 300;
  private static final int TEST = 200;
  private static final int DIMENSIONS = 48;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
    assumeTrue(
        Device.present().contains(GPU), "skipped: no GPU, or no build for GPUs (see docs/gpu.md)");
    Device unused = GPU.require();
  }

  /** Every estimator, on a model in float64. */
  @Test
  void everyEstimatorSaysWhatItSaysOnTheCpu() {
    for (Subset subset : Subset.values()) {
      List<Estimate> cpu = estimates(Device.CPU, subset);
      List<Estimate> gpu = estimates(GPU, subset);
      assertThat(gpu).hasSameSizeAs(cpu);
      for (int i = 0; i < cpu.size(); i++) {
        assertThat(gpu.get(i).name()).isEqualTo(cpu.get(i).name());
        double value = cpu.get(i).value();
        double tolerance = 1e-6 * Math.max(1, Math.abs(value));
        assertThat(gpu.get(i).value()).as(gpu.get(i).name()).isCloseTo(value, within(tolerance));
      }
    }
  }

  /** The rate of the golden model, which PyTorch trained, as PyTorch has it. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void theGoldenModelsRate(Precision precision) throws Exception {
    assumeTrue(
        Files.exists(Golden.FOLDER.resolve("weights.safetensors")),
        "skipped: the golden PyTorch model is not beside this checkout");
    boolean exact = precision == Precision.FLOAT64;
    try (PointerScope scope = new PointerScope()) {
      ParameterLayout layout =
          ParameterLayout.of(Architecture.parse("mlp:1x512"), Golden.DIMENSIONS, Golden.LATENT);
      Parameters parameters = Parameters.zeros(layout, precision, 1, GPU);
      WeightsFile.read(Golden.FOLDER.resolve("weights.safetensors"), parameters, 0);
      TrainedModel model = TrainedModel.of(parameters, 0, Likelihood.parse("bernoulli"));
      Posteriors found = model.posteriors(Golden.batch128());
      double rate = 0;
      for (int i = 0; i < 64 * Golden.LATENT; i++) { // 64 test images, then 64 training images
        double mean = found.mean()[i];
        double logVar = found.logVar()[i];
        rate += 0.5 * (mean * mean + Math.exp(logVar) - 1 - logVar) / 64;
      }
      double golden = Golden.scalars().findValue("R_test64").doubleValue();
      assertThat(rate).isCloseTo(golden, within(exact ? 1e-9 * golden : 1e-4 * golden));
    }
  }

  private static List<Estimate> estimates(Device device, Subset subset) {
    try (PointerScope scope = new PointerScope()) {
      ParameterLayout layout = ParameterLayout.of(Architecture.parse("mlp:2x16"), DIMENSIONS, 3);
      Parameters parameters = Parameters.zeros(layout, Precision.FLOAT64, 1, device);
      parameters.initialize(0, 7);
      TrainedModel model = TrainedModel.of(parameters, 0, Likelihood.parse("bernoulli"));
      Partition partition = Partitions.of(TRAIN, TEST);
      EvaluationData setting = EvaluationData.of(pool().on(device), partition, Integer.MAX_VALUE);
      Estimators all = Estimators.standard();
      return all.estimate(new Evaluation(all.names(), Evaluation.ALL), model, setting, subset, 3);
    }
  }

  private static ImageTensor pool() {
    double[] pixels = new double[(TRAIN + TEST) * DIMENSIONS];
    RunRandom random = RunRandom.of(99, RunRandom.Stream.NOISE, 0);
    Arrays.setAll(pixels, random::uniform);
    float[] values = new float[pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) pixels[i];
    }
    return ImageTensor.of(values, TRAIN + TEST, DIMENSIONS);
  }
}
