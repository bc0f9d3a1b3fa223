package org.ratescope.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The rate KL(q(z|x) ‖ N(0, I)) = ½ Σ_l mean² + exp(logVar) − 1 − logVar of a Gaussian posterior,
 * in nats.
 */
final class Rate {
  private Rate() {}

  /** Rate of each example. mean, logVar [K, B, L] → [K, B] */
  static Tensor of(Tensor mean, Tensor logVar) {
    return mean.mul(mean)
        .add_(logVar.exp())
        .sub_(logVar)
        .sub_(new Scalar(1.0))
        .sum(2L)
        .mul_(new Scalar(0.5));
  }
}
