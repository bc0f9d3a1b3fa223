package org.ratescope.model.likelihood;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The Gaussian likelihood N(x; y, variance · I) with y the decoder's output: −log p(x|z) = ‖x − y‖²
 * / (2 variance) + D/2 · log(2π variance). Negative where the fit is close and the variance small.
 */
public final class Gaussian {
  private Gaussian() {}

  /** Distortion of each example, in nats. output, x [K, B, D] → [K, B] */
  public static Tensor distortion(Tensor output, Tensor x, double variance) {
    double constant = 0.5 * x.size(2) * Math.log(2 * Math.PI * variance);
    return output
        .sub(x)
        .square_()
        .sum(2L)
        .mul_(new Scalar(0.5 / variance))
        .add_(new Scalar(constant));
  }

  /** d distortion / d output = (output − x) / variance, written to {@code into}. [K, B, D] */
  public static void gradient(Tensor output, Tensor x, double variance, Tensor into) {
    torch.sub_out(into, output, x);
    into.mul_(new Scalar(1 / variance));
  }
}
