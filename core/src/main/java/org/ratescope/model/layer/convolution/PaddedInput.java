package org.ratescope.model.layer.convolution;

import org.bytedeco.pytorch.Tensor;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.tensor.Tensors;

/**
 * Images as the first convolution reads them: channels last, with a border of zeros, which need not
 * be as wide on all sides. Images of a data set have no gradient; those that a prior learns have
 * one.
 */
final class PaddedInput {
  private final Tensor images; // [K, B, C, H, W]
  private final Tensor output; // [K, B, (H + rows) * (W + columns) * C]
  private final Tensor inside; // [K, B, C, H, W], a view of the output without its border

  /**
   * @param layer the first convolution
   * @param images [K, B, D]
   */
  PaddedInput(ConvolutionSpec layer, Tensor images) {
    ImageShape shape = layer.input();
    ImageShape padded = layer.padded();
    long k = images.size(0);
    long batch = images.size(1);
    this.images = images.view(k, batch, shape.channels(), shape.height(), shape.width());
    output = Tensors.zeros(images, k, batch, padded.dimensions());
    inside = inside(layer, output);
  }

  /** The images in a buffer with a border. [K, B, padded] → [K, B, C, H, W], a view */
  private static Tensor inside(ConvolutionSpec layer, Tensor buffer) {
    ImageShape shape = layer.input();
    ImageShape padded = layer.padded();
    return buffer
        .view(buffer.size(0), buffer.size(1), padded.height(), padded.width(), padded.channels())
        .narrow(2, layer.top(), shape.height())
        .narrow(3, layer.left(), shape.width())
        .permute(0, 1, 4, 2, 3);
  }

  /**
   * Copies the gradient of the images from the gradient of {@link #output}.
   *
   * @param gradient [K, B, (H + rows) * (W + columns) * C]
   * @param into [K, B, D]
   */
  static void backward(ConvolutionSpec layer, Tensor gradient, Tensor into) {
    Tensor own = inside(layer, gradient);
    into.view(own.size(0), own.size(1), own.size(2), own.size(3), own.size(4)).copy_(own);
  }

  /** What the convolution reads. [K, B, (H + rows) * (W + columns) * C] */
  Tensor output() {
    return output;
  }

  /** Reads the images that the buffer holds now. */
  void forward() {
    inside.copy_(images);
  }
}
