package org.ratescope.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One layer of K runs with its buffers for batches of one size, made once: a step writes into them.
 */
public interface Layer {

  /** What {@link #forward} computed. [K, B, out] */
  Tensor output();

  /**
   * Where the caller, or the layers above, write d loss / d output before {@link #backward}; the
   * layer may write over it. Null where the layer was made without gradients. [K, B, out]
   */
  @Nullable Tensor outputGradient();

  /** Computes the output of the inputs it was made for. */
  void forward();

  /**
   * Turns d loss / d output into the parameters' gradients and d loss / d input.
   *
   * @param inputGradients where the gradient of each input is written, over what was there; empty
   *     if none is wanted
   */
  void backward(List<Tensor> inputGradients);
}
