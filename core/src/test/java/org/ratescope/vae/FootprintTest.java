package org.ratescope.vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.study.Architecture;
import org.ratescope.study.Likelihood;
import org.ratescope.study.Objective;
import org.ratescope.study.Precision;
import org.ratescope.torch.Engine;

@Isolated("it measures the memory of the process")
class FootprintTest {
  private static final long MEBIBYTE = 1L << 20;

  @BeforeAll
  static void load() {
    Engine.useOneThread();
  }

  /** The paper's largest network on its largest images, trained and evaluated. */
  @Test
  void theLargestNetworkFitsBesideOthers() {
    Footprint footprint = footprint("cnn:3x64", 64);
    assertThat(footprint.training(1, 128)).isLessThan(1536 * MEBIBYTE / 4);
    assertThat(footprint.evaluation(512)).isLessThan(1536 * MEBIBYTE / 2);
  }

  /** Counted by hand: 6 values of an image, 2 units, heads and codes. */
  @Test
  void stateAndBuffersAreCounted() {
    Layout layout = Layout.of(new Architecture.Mlp(1, 2), 6, 1);
    assertThat(layout.size()).isEqualTo(16 * (1 + 1 + 1 + 1 + 1 + 1 + 1 + 1));
    long nonZeros = 6; // a quarter of the image, by image and by pixel, with an index each
    Footprint single = new Footprint(layout, Precision.FLOAT32);
    long outputs = 2 + 2 + 2 + 6;
    long forward = 3 * 6 + 2 + outputs;
    assertThat(single.rows(3)).isEqualTo(4 * 3 * 128);
    assertThat(single.evaluation(10)).isEqualTo(4 * (128 + 10 * forward));
    assertThat(single.training(3, 10))
        .isEqualTo(4 * 3 * (5 * 128 + 10 * (forward + outputs + 1 + nonZeros)));
    assertThat(new Footprint(layout, Precision.FLOAT64).training(3, 10))
        .isEqualTo(2 * single.training(3, 10));
  }

  /** What the process takes more, for a network that takes enough to be seen. */
  @Test
  void aStepTakesWhatIsPredicted() {
    Footprint footprint = footprint("cnn:3x64", 64);
    step(footprint.layout(), 2);
    long before = Pointer.physicalBytes();
    long grown = step(footprint.layout(), 96) - before;
    assertThat(grown).isLessThan(footprint.training(1, 96) * 13 / 10 + 64 * MEBIBYTE);
  }

  /** One step; the process's memory at its end. */
  private static long step(Layout layout, int batch) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(layout, ScalarType.Float, 1);
      Parameters gradients = Parameters.zeros(layout, ScalarType.Float, 1);
      parameters.initialize(0, 1);
      Vae vae = Vae.forTraining(parameters, gradients, batch, new Likelihood.Bernoulli());
      vae.images().fill_(new Scalar(0.5));
      vae.forward();
      vae.distortion();
      vae.backward(ObjectiveWeights.of(vae, List.of(Objective.beta(1)), new int[] {100}));
      return Pointer.physicalBytes();
    }
  }

  private static Footprint footprint(String architecture, int side) {
    Layout layout = Layout.of(Architecture.parse(architecture), new ImageShape(3, side, side), 10);
    return new Footprint(layout, Precision.FLOAT32);
  }
}
