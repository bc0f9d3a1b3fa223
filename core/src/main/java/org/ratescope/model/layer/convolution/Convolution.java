package org.ratescope.model.layer.convolution;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.Binding;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.Layer;

/**
 * A hidden convolution of K runs, or a hidden transposed one, followed by ReLU. One run after the
 * other: the operators are near the machine's peak for one, and a grouped convolution is slower
 * (see docs/decisions.md).
 */
final class Convolution implements Layer {
  private final List<RunConvolution> runs = new ArrayList<>();
  private final List<Tensor> runOutputs = new ArrayList<>(); // [B, out, H, W] each
  private final Tensor output; // [K, B, H * W * out]
  private final @Nullable PaddedInput images;
  private final @Nullable Gradient gradient;
  private final ConvolutionSpec layer;
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
   * @param input channels last, with its border where {@code images} are given. [K, B, H * W * in]
   * @param images what writes the input, where the layer reads the images
   * @param padding rows and columns of zeros on each side of the convolution's larger side
   */
  Convolution(
      ConvolutionSpec layer,
      Binding binding,
      Tensor input,
      @Nullable PaddedInput images,
      int padding) {
    this.layer = layer;
    this.images = images;
    this.inputShape = images == null ? layer.input() : layer.padded();
    output = binding.buffer(layer.output());
    for (int run = 0; run < binding.runs(); run++) {
      runs.add(
          new RunConvolution(
              RunConvolution.seen(input, run, inputShape),
              layer.weight(binding.rows(), run),
              layer.bias(binding.rows(), run),
              layer.transposed(),
              padding));
      runOutputs.add(RunConvolution.seen(output, run, layer.output()));
    }
    Tensor outputGradient = binding.gradientBuffer(layer.output());
    gradient = outputGradient == null ? null : gradient(layer, binding, outputGradient);
  }

  private static Gradient gradient(ConvolutionSpec layer, Binding binding, Tensor output) {
    List<Tensor> runOutputs = new ArrayList<>();
    List<RunConvolution.ParameterGradient> parameters = new ArrayList<>();
    Tensor gradients = binding.gradients();
    for (int run = 0; run < binding.runs(); run++) {
      runOutputs.add(RunConvolution.seen(output, run, layer.output()));
      if (gradients != null) {
        parameters.add(
            new RunConvolution.ParameterGradient(
                layer.weight(gradients, run), layer.bias(gradients, run)));
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
    if (images != null) {
      images.forward();
    }
    for (int run = 0; run < runs.size(); run++) {
      try (PointerScope scope = new PointerScope()) {
        torch.clamp_min_out(runOutputs.get(run), runs.get(run).forward(), zero); // ReLU
      }
    }
  }

  @Override
  public void backward(List<Tensor> inputGradients) {
    if (gradient == null) {
      throw new IllegalStateException("this layer was made without gradients");
    }
    if (images != null && !inputGradients.isEmpty()) {
      try (PointerScope scope = new PointerScope()) {
        Tensor padded = torch.empty_like(images.output());
        backward(gradient, padded);
        PaddedInput.backward(layer, padded, inputGradients.getFirst());
      }
    } else {
      backward(gradient, inputGradients.isEmpty() ? null : inputGradients.getFirst());
    }
  }

  private void backward(Gradient gradient, @Nullable Tensor inputGradient) {
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
