package org.ratescope.model.layer.convolution;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.Binding;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.Layer;
import org.ratescope.tensor.Tensors;

/**
 * The last transposed convolution of K runs, which gives the logits plane by plane.
 *
 * <p>Forward it is computed as a convolution with kernel 2 and stride 1 into four times the
 * channels, one for each place in a square of 2 by 2 pixels, whose values are then put side by side
 * (Shi et al. 2016, "Is the deconvolution layer the same as a convolutional layer?"): libtorch's
 * own transposed convolution into so few channels takes four times as long (see docs/decisions.md).
 */
final class SubPixelDeconvolution implements Layer {
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  private final List<Run> runs = new ArrayList<>();
  private final Squares squares;
  private final Tensor output; // [K, B, D]
  private final @Nullable Gradient gradient;
  private final ImageShape inputShape;

  /** One run's tensors. */
  private record Run(
      Tensor input, // [B, in, h, w]
      Tensor weight, // [in, C, 2, 2, 2, 2]: kernel rows and columns by square and place in it
      Tensor bias, // [C]
      Tensor output) {} // [B, C, H, W]

  /** Buffers for one run at a time: kernel 2 into four times the channels, and what it computes. */
  private record Squares(
      Tensor weight, // [4 * C, in, 2, 2]
      Tensor weightByPlace, // a view of it [2, 2, C, in, 2, 2]
      Tensor bias, // [4 * C]
      Tensor biasByPlace, // a view of it [4, C]
      Tensor padded, // [B, C, h + 1, 2, w + 1, 2]
      Tensor inside) {} // a view of it without its border [B, C, H, W]

  /** What the backward pass needs beside the forward pass. */
  private record Gradient(
      Tensor output, // d loss / d logits [K, B, D]
      List<Tensor> runOutputs, // [B, C, H, W] each
      Tensor padded, // one run's, with a border of zeros [B, C, 2 * h + 2, 2 * w + 2]
      Tensor inside, // a view of it without its border [B, C, H, W]
      List<RunConvolution> convolutions,
      List<RunConvolution.ParameterGradient> parameters) {} // none: the parameters are fixed

  /** The layer reading from {@code input}, channels last. [K, B, h * w * in] */
  SubPixelDeconvolution(ConvolutionSpec layer, Binding binding) {
    Tensor input = binding.input();
    ImageShape images = layer.output();
    inputShape = layer.input();
    int k = Math.toIntExact(input.size(0));
    long batch = input.size(1);
    output = binding.buffer(images);
    squares = squares(layer, input, batch);
    for (int run = 0; run < k; run++) {
      Tensor weight = layer.weight(binding.rows(), run);
      runs.add(
          new Run(
              RunConvolution.seen(input, run, inputShape),
              weight.view(inputShape.channels(), images.channels(), 2, 2, 2, 2),
              layer.bias(binding.rows(), run),
              planes(output, run, images)));
    }
    Tensor outputGradient = binding.gradientBuffer(images);
    gradient = outputGradient == null ? null : gradient(layer, binding, outputGradient);
  }

  private static Tensor planes(Tensor buffer, int run, ImageShape shape) {
    return buffer
        .select(0, run)
        .view(buffer.size(1), shape.channels(), shape.height(), shape.width());
  }

  private static Squares squares(ConvolutionSpec layer, Tensor like, long batch) {
    long in = layer.input().channels();
    ImageShape padded = layer.padded();
    long channels = padded.channels();
    Tensor weight = Tensors.empty(like, 4 * channels, 2, 2, in);
    Tensor bias = Tensors.empty(like, 4 * channels);
    Tensor image = Tensors.empty(like, batch, channels, padded.height(), padded.width());
    return new Squares(
        weight.permute(0, 3, 1, 2),
        weight.view(2, 2, channels, 2, 2, in).permute(0, 1, 2, 5, 3, 4),
        bias,
        bias.view(4, channels),
        image.view(batch, channels, padded.height() / 2, 2, padded.width() / 2, 2),
        inside(layer, image));
  }

  private static Tensor inside(ConvolutionSpec layer, Tensor padded) {
    return padded
        .narrow(2, layer.top(), layer.output().height())
        .narrow(3, layer.left(), layer.output().width());
  }

  private static Gradient gradient(ConvolutionSpec layer, Binding binding, Tensor output) {
    ImageShape shape = layer.padded();
    Tensor input = binding.input();
    long batch = input.size(1);
    Tensor gradients = binding.gradients();
    Tensor padded =
        Tensors.zeros(input, batch, shape.height(), shape.width(), shape.channels())
            .permute(0, 3, 1, 2);
    Gradient gradient =
        new Gradient(
            output,
            new ArrayList<>(),
            padded,
            inside(layer, padded),
            new ArrayList<>(),
            new ArrayList<>());
    for (int run = 0; run < input.size(0); run++) {
      gradient.runOutputs().add(planes(output, run, layer.output()));
      gradient
          .convolutions()
          .add(
              new RunConvolution(
                  RunConvolution.seen(input, run, layer.input()),
                  layer.weight(binding.rows(), run),
                  layer.bias(binding.rows(), run),
                  true,
                  0));
      if (gradients != null) {
        gradient
            .parameters()
            .add(
                new RunConvolution.ParameterGradient(
                    layer.weight(gradients, run), layer.bias(gradients, run)));
      }
    }
    return gradient;
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
    for (Run run : runs) {
      try (PointerScope scope = new PointerScope()) {
        // row u = 2 i + 2 a + p of the padded image gets input row i through kernel row 2 a + p:
        // of the two rows that meet in a square, the first goes through a = 1
        squares.weightByPlace().copy_(run.weight().flip(2, 4).permute(3, 5, 1, 0, 2, 4));
        squares.biasByPlace().copy_(run.bias());
        Tensor places =
            torch.convolution(
                run.input(),
                squares.weight(),
                new TensorOptional(squares.bias()),
                ONE,
                ONE,
                ONE,
                false,
                NONE,
                1); // [B, 4 * C, h + 1, w + 1]
        long channels = run.bias().size(0);
        squares
            .padded()
            .copy_(
                places
                    .view(places.size(0), 2, 2, channels, places.size(2), places.size(3))
                    .permute(0, 3, 4, 1, 5, 2));
        run.output().copy_(squares.inside());
      }
    }
  }

  @Override
  public void backward(List<Tensor> inputGradients) {
    if (gradient == null) {
      throw new IllegalStateException("this layer was made without gradients");
    }
    for (int run = 0; run < runs.size(); run++) {
      try (PointerScope scope = new PointerScope()) {
        gradient.inside().copy_(gradient.runOutputs().get(run));
        gradient
            .convolutions()
            .get(run)
            .backward(
                gradient.padded(),
                inputGradients.isEmpty()
                    ? null
                    : RunConvolution.seen(inputGradients.getFirst(), run, inputShape),
                gradient.parameters().isEmpty() ? null : gradient.parameters().get(run));
      }
    }
  }
}
