package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.tensor.Libtorch;

@Isolated("it measures the memory of the process")
class MemoryEstimateTest {
  private static final long MEBIBYTE = 1L << 20;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** The paper's largest network on its largest images, trained and evaluated. */
  @Test
  void theLargestNetworkFitsBesideOthers() {
    MemoryEstimate footprint = footprint("cnn:3x64", 64);
    assertThat(footprint.training(1, 128)).isLessThan(1536 * MEBIBYTE / 4);
    assertThat(footprint.evaluation(512)).isLessThan(1536 * MEBIBYTE / 2);
  }

  /** Counted by hand: 6 values of an image, 2 units, heads and codes. */
  @Test
  void stateAndBuffersAreCounted() {
    ParameterLayout layout = ParameterLayout.of(Architecture.parse("mlp:1x2"), 6, 1);
    assertThat(layout.size()).isEqualTo(16 * (1 + 1 + 1 + 1 + 1 + 1 + 1 + 1));
    long nonZeros = 6; // a quarter of the image, by image and by pixel, with an index each
    MemoryEstimate single = new MemoryEstimate(layout, Precision.FLOAT32);
    long outputs = 2 + 2 + 2 + 6;
    long forward = 3 * 6 + 2 + outputs;
    assertThat(single.rows(3)).isEqualTo(4 * 3 * 128);
    assertThat(single.evaluation(10)).isEqualTo(4 * (128 + 10 * forward));
    assertThat(single.training(3, 10))
        .isEqualTo(4 * 3 * (5 * 128 + 10 * (forward + outputs + 1 + nonZeros)));
    assertThat(new MemoryEstimate(layout, Precision.FLOAT64).training(3, 10))
        .isEqualTo(2 * single.training(3, 10));
    assertThat(single.state(3)).isEqualTo(4 * single.rows(3));
    MemoryEstimate stopping = new MemoryEstimate(layout, Precision.FLOAT32, true);
    assertThat(stopping.state(3)).isEqualTo(5 * single.rows(3));
    assertThat(stopping.training(3, 10)).isEqualTo(single.training(3, 10) + single.rows(3));
  }

  /** What the process takes more, for a network that takes enough to be seen. */
  @ParameterizedTest
  @ValueSource(strings = {"cnn:3x64", "resmlp:4x256"})
  void aStepTakesWhatIsPredicted(String architecture) {
    MemoryEstimate footprint = footprint(architecture, 64);
    step(footprint.layout(), 2);
    long before = Pointer.physicalBytes();
    long grown = step(footprint.layout(), 96) - before;
    assertThat(grown).isLessThan(footprint.training(1, 96) * 13 / 10 + 64 * MEBIBYTE);
  }

  /** One step; the process's memory at its end. */
  private static long step(ParameterLayout layout, int batch) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(layout, ScalarType.Float, 1);
      Parameters gradients = Parameters.zeros(layout, ScalarType.Float, 1);
      parameters.initialize(0, 1);
      Vae vae = Vae.forTraining(parameters, gradients, batch, Likelihood.parse("bernoulli"));
      vae.images().fill_(new Scalar(0.5));
      vae.forward();
      vae.distortion();
      vae.backward(ObjectiveWeights.of(vae, List.of(Objective.beta(1)), new int[] {100}));
      return Pointer.physicalBytes();
    }
  }

  private static MemoryEstimate footprint(String architecture, int side) {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse(architecture), new ImageShape(3, side, side), 10);
    return new MemoryEstimate(layout, Precision.FLOAT32);
  }
}
