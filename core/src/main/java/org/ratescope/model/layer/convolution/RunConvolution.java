package org.ratescope.model.layer.convolution;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.ImageShape;

/**
 * The convolution of one layer in one run, by libtorch's operators without autograd. All tensors
 * are seen as [B, C, H, W] and lie channels last in memory, for which the operators are fastest.
 */
final class RunConvolution {
  private static final long[] STRIDE = {ConvolutionSpec.STRIDE, ConvolutionSpec.STRIDE};
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  private final Tensor input; // [B, in, H, W]
  private final Tensor weight; // [inner, outer, 4, 4]
  private final TensorOptional bias; // [out]
  private final long[] biasShape;
  private final boolean transposed;
  private final long[] padding;

  /** Where the gradients of weight and bias are written. */
  record ParameterGradient(Tensor weight, Tensor bias) {}

  /**
   * @param padding rows and columns of zeros on each side of the convolution's larger side
   */
  RunConvolution(Tensor input, Tensor weight, Tensor bias, boolean transposed, int padding) {
    this.input = input;
    this.weight = weight;
    this.bias = new TensorOptional(bias);
    this.biasShape = new long[] {bias.size(0)};
    this.transposed = transposed;
    this.padding = new long[] {padding, padding};
  }

  /**
   * One run's part of a buffer [K, B, n] that lies channels last, seen as [B, C, H, W].
   *
   * @param buffer contiguous
   */
  static Tensor seen(Tensor buffer, int k, ImageShape shape) {
    return buffer
        .select(0, k)
        .view(buffer.size(1), shape.height(), shape.width(), shape.channels())
        .permute(0, 3, 1, 2);
  }

  /** The convolution, in fresh memory. [B, out, H, W] */
  Tensor forward() {
    return torch.convolution(input, weight, bias, STRIDE, padding, ONE, transposed, NONE, 1);
  }

  /** Turns d loss / d output into the requested gradients. */
  void backward(
      Tensor outputGradient,
      @Nullable Tensor inputGradient,
      @Nullable ParameterGradient parameters) {
    BoolPointer wanted = new BoolPointer(3);
    wanted.put(0L, inputGradient != null);
    wanted.put(1L, parameters != null);
    wanted.put(2L, parameters != null);
    T_TensorTensorTensor_T gradients =
        torch.convolution_backward(
            outputGradient,
            input,
            weight,
            biasShape,
            STRIDE,
            padding,
            ONE,
            transposed,
            NONE,
            1,
            wanted);
    if (inputGradient != null) {
      inputGradient.copy_(gradients.get0());
    }
    if (parameters != null) {
      parameters.weight().copy_(gradients.get1());
      parameters.bias().copy_(gradients.get2());
    }
  }
}
