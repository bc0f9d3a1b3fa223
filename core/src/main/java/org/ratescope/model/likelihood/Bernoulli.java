package org.ratescope.model.likelihood;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The Bernoulli likelihood at real-valued pixels: −log p(x|z) = Σ_j softplus(l_j) − x_j l_j, the
 * binary cross-entropy from logits (appendix A.2). Finite for finite logits.
 */
public final class Bernoulli {
  private Bernoulli() {}

  /** Distortion of each example, in nats. logits, x [K, B, D] → [K, B] */
  public static Tensor distortion(Tensor logits, Tensor x) {
    return torch.softplus(logits).sub_(logits.mul(x)).sum(2L);
  }

  /** d distortion / d logits = sigmoid(logits) − x, written to {@code into}. [K, B, D] */
  public static void gradient(Tensor logits, Tensor x, Tensor into) {
    torch.sigmoid_out(into, logits);
    into.sub_(x);
  }
}
