package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.tensor.Tensors;

/**
 * A hidden convolution of K runs, or a hidden transposed one, followed by ReLU. One run after the
 * other: the operators are near the machine's peak for one, and a grouped convolution is slower
 * (see docs/decisions.md).
 */
final class Convolution implements Layer {
  private final List<RunConvolution> runs = new ArrayList<>();
  private final List<Tensor> runOutputs = new ArrayList<>(); // [B, out, H, W] each
  private final Tensor output; // [K, B, H * W * out]
  private final @Nullable Gradient gradient;
  private final ImageShape inputShape;
  private final Scalar zero = new Scalar(0.0);

  /** What the backward pass needs beside the forward pass. */
  private record Gradient(
      Tensor output, // d loss / d output [K, B, H * W * out]
      List<Tensor> runOutputs, // [B, out, H, W] each
      List<RunConvolution.ParameterGradient> parameters) {} // none: the parameters are fixed

  /**
   * The layer reading from {@code input}.
   *
   * @param input channels last, with its border where {@code padding} is 0. [K, B, H * W * in]
   * @param inputShape the shape of it, border included
   * @param padding rows and columns of zeros on each side of the convolution's larger side
   */
  Convolution(
      LayerSpec.Convolution layer,
      Parameters parameters,
      Dense.Backward backward,
      @Nullable Parameters gradients,
      Tensor input,
      ImageShape inputShape,
      int padding) {
    this.inputShape = inputShape;
    int k = Math.toIntExact(input.size(0));
    output = buffer(input, layer.output());
    for (int run = 0; run < k; run++) {
      runs.add(
          new RunConvolution(
              RunConvolution.seen(input, run, inputShape),
              parameters.weight(layer, run),
              parameters.bias(layer, run),
              layer.transposed(),
              padding));
      runOutputs.add(RunConvolution.seen(output, run, layer.output()));
    }
    gradient =
        backward == Dense.Backward.NONE
            ? null
            : gradient(layer, k, buffer(input, layer.output()), gradients);
  }

  private static Tensor buffer(Tensor input, ImageShape shape) {
    return Tensors.empty(input, input.size(0), input.size(1), shape.dimensions());
  }

  private static Gradient gradient(
      LayerSpec.Convolution layer, int k, Tensor output, @Nullable Parameters gradients) {
    List<Tensor> runOutputs = new ArrayList<>();
    List<RunConvolution.ParameterGradient> parameters = new ArrayList<>();
    for (int run = 0; run < k; run++) {
      runOutputs.add(RunConvolution.seen(output, run, layer.output()));
      if (gradients != null) {
        parameters.add(
            new RunConvolution.ParameterGradient(
                gradients.weight(layer, run), gradients.bias(layer, run)));
      }
    }
    return new Gradient(output, runOutputs, parameters);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public @Nullable Tensor outputGradient() {
    return gradient == null ? null : gradient.output();
  }

  @Override
  public void forward() {
    for (int run = 0; run < runs.size(); run++) {
      try (PointerScope scope = new PointerScope()) {
        torch.clamp_min_out(runOutputs.get(run), runs.get(run).forward(), zero); // ReLU
      }
    }
  }

  @Override
  public void backward(@Nullable Tensor inputGradient) {
    if (gradient == null) {
      throw new IllegalStateException("this layer was made without gradients");
    }
    torch.threshold_backward_out(gradient.output(), gradient.output(), output, zero);
    for (int run = 0; run < runs.size(); run++) {
      try (PointerScope scope = new PointerScope()) {
        runs.get(run)
            .backward(
                gradient.runOutputs().get(run),
                inputGradient == null ? null : RunConvolution.seen(inputGradient, run, inputShape),
                gradient.parameters().isEmpty() ? null : gradient.parameters().get(run));
      }
    }
  }
}
