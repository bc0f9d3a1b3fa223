package org.ratescope.model.layer;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One layer of K runs with its buffers for batches of one size, made once: a step writes into them.
 */
sealed interface Layer permits Dense, Convolution, PaddedInput, SubPixelDeconvolution {

  /** What {@link #forward} computed. [K, B, out] */
  Tensor output();

  /**
   * Where the caller, or the layer above, writes d loss / d output before {@link #backward}; the
   * layer may write over it. None where the layer has no use for it. [K, B, out]
   */
  @Nullable Tensor outputGradient();

  /** Computes the output of the input it was made for. */
  void forward();

  /**
   * Turns d loss / d output into the gradients this layer was made for and, where asked, d loss / d
   * input.
   */
  void backward(@Nullable Tensor inputGradient);
}
