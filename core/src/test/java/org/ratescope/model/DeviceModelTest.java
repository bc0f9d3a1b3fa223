package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Precision;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Evaluation, like training, stays on the device it is on; {@code meta} stands for a GPU. */
class DeviceModelTest {
  private static final int BATCH = 6;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp:1x16", "mlp:3x16"})
  void evaluationStaysThere(String architecture) {
    for (Likelihood likelihood :
        List.of(Likelihood.parse("bernoulli"), Likelihood.parse("gaussian:0.1"))) {
      for (Precision precision : Precision.values()) {
        try (PointerScope scope = new PointerScope()) {
          Vae vae = Vae.forEvaluation(there(architecture, precision), BATCH, likelihood);
          Tensors.write(new double[BATCH * 3], vae.noise());
          vae.forward();
          for (Tensor each :
              List.of(vae.mean(), vae.logVar(), vae.distortion(), vae.rate(), vae.decoderMean())) {
            assertThat(Device.of(each)).isEqualTo(Device.META);
          }
          assertThatThrownBy(() -> Tensors.doubles(vae.distortion()))
              .hasMessageContaining("no data");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp:1x16", "mlp:3x16"})
  void gradientsOfCodesStayThere(String architecture) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = there(architecture, Precision.FLOAT64);
      Vae vae = Vae.forCodes(parameters, BATCH, Likelihood.parse("bernoulli"));
      Tensors.write(new double[BATCH * 3], vae.codes());
      vae.decode();
      assertThat(Device.of(vae.codesGradient())).isEqualTo(Device.META);
    }
  }

  /** Why it does not stand above: a magnitude has no kernel there. */
  @Test
  void theContinuousBernoulliIsMissingThere() {
    try (PointerScope scope = new PointerScope()) {
      Vae vae =
          Vae.forEvaluation(
              there("mlp:1x16", Precision.FLOAT32),
              BATCH,
              Likelihood.parse("continuous-bernoulli"));
      vae.forward();
      assertThatThrownBy(vae::distortion).hasMessageContaining("aten::abs");
    }
  }

  /** Why no CNN stands above: convolution has no kernel there. */
  @ParameterizedTest
  @ValueSource(strings = {"cnn:1x8", "cnn:2x8"})
  void convolutionIsMissingThere(String architecture) {
    try (PointerScope scope = new PointerScope()) {
      Vae vae =
          Vae.forEvaluation(
              there(architecture, Precision.FLOAT32), BATCH, Likelihood.parse("bernoulli"));
      assertThatThrownBy(vae::forward).hasMessageContaining("convolution");
    }
  }

  private static Parameters there(String architecture, Precision precision) {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse(architecture), new ImageShape(3, 16, 16), 3);
    Parameters parameters = Parameters.zeros(layout, precision, 1, Device.META);
    parameters.initialize(0, 7);
    return parameters;
  }
}
