package org.ratescope.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Training.Products;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;

/** Each sample counts for the part of the step that its stack is in. */
class StepProfileTest {

  /** Stacks as samples show them, the innermost frame first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spec.RunRandom.normals train.BatchLoader.draw train.BatchLoader.send | batch: rows and noise
          tensor.ImageTensor.gather train.BatchLoader.load | batch: images
          model.layer.SparseBatch.read model.layer.SparseInput.read model.layer.Dense.forward | sparse layer: find non-zeros
          model.layer.SparseInput.forward model.layer.Dense.forward model.Vae.encode | sparse layer: forward
          model.layer.SparseInput.weightGradient model.layer.Dense.backward model.Vae.backward | sparse layer: gradient
          binding.baddbmm_out tensor.ProductRounding.affine model.layer.Dense.forward model.Vae.decode | products: forward
          binding.bmm_out model.layer.Dense.backward model.Vae.backward | products: backward
          binding.convolution model.layer.convolution.Convolution.forward | products: forward
          binding.convolution_backward model.layer.convolution.RunConvolution.backward | products: backward
          binding.sum_out model.layer.Dense.backward model.Vae.backward | bias sums, ReLU, copies
          binding.sigmoid_out model.likelihood.Bernoulli.gradient model.Vae.backward | likelihood
          binding.sum model.Vae.finite train.TrainStep.lookForDiverged | divergence check
          binding.exp model.prior.Normal.rateGradient model.Vae.backward | codes, prior, objective
          tensor.FusedAdam.step train.Adam.update train.TrainStep.step | Adam
          train.TrainStep.step | rest
          """)
  void aStackBelongsToAPart(String frames, String part) {
    assertThat(StepProfile.part(stack(frames))).isEqualTo(part);
  }

  @Test
  void aCallIsOwnMethodAndOperator() {
    assertThat(StepProfile.call(stack("binding.bmm_out model.layer.Dense.backward")))
        .isEqualTo("Dense.backward:7 bmm_out");
    assertThat(StepProfile.call(stack("model.layer.SparseBatch.read model.layer.SparseInput.read")))
        .isEqualTo("SparseBatch.read:7");
  }

  private static StackTraceElement[] stack(String frames) {
    return Arrays.stream(frames.split(" "))
        .map(
            frame -> {
              int dot = frame.lastIndexOf('.');
              String type = frame.substring(0, dot);
              String full =
                  type.equals("binding")
                      ? "org.bytedeco.pytorch.global.torch"
                      : "org.ratescope." + type;
              return new StackTraceElement(full, frame.substring(dot + 1), "Some.java", 7);
            })
        .toArray(StackTraceElement[]::new);
  }

  /** The names of classes and methods in the table of parts are those of a real step. */
  @Test
  void nearlyAllOfARealStepBelongsToAPart() throws InterruptedException {
    Libtorch.useOneThread();
    BenchCase measured = new BenchCase(Architecture.parse("mlp:1x128"), 16, false, 64);
    try (PointerScope scope = new PointerScope()) {
      Runnable step =
          SpeedBench.ratescope(measured, 4, Products.FLOAT32, measured.images(), Device.CPU);
      StepProfile profile = StepProfile.measure(step, 1.5);
      assertThat(profile.parts().values().stream().mapToDouble(share -> share).sum())
          .isCloseTo(1, within(1e-9));
      assertThat(profile.parts().get("rest")).isLessThan(0.2);
      for (String part : List.of("products: forward", "products: backward", "Adam")) {
        assertThat(profile.parts().get(part)).as(part).isPositive();
      }
    }
  }
}
