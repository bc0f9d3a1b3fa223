package org.ratescope.model.likelihood;

import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.spec.RunRandom;

/**
 * The Bernoulli likelihood at real-valued pixels in [0, 1]: −log p(x|z) = Σ_j softplus(l_j) − x_j
 * l_j, the binary cross-entropy from logits (appendix A.2). Finite for finite logits.
 */
public record Bernoulli() implements PixelDistribution {
  @Override
  public String text() {
    return "bernoulli";
  }

  @Override
  public String displayName() {
    return "Bernoulli";
  }

  @Override
  public boolean hasPositiveDistortion() {
    return true;
  }

  @Override
  public Tensor distortion(Tensor logits, Tensor x) {
    return crossEntropy(logits, x);
  }

  /** The binary cross-entropy of each example. logits, x [K, B, D] → [K, B] */
  static Tensor crossEntropy(Tensor logits, Tensor x) {
    return torch.softplus(logits).sub_(logits.mul(x)).sum(2L);
  }

  /** The entropy −m ln m − (1 − m) ln(1 − m) of the mean m, of real-valued pixels too. */
  @Override
  public OptionalDouble lowestDistortion(double mean, double meanSquare) {
    boolean isCertain = mean <= 0 || mean >= 1;
    return OptionalDouble.of(
        isCertain ? 0 : -mean * Math.log(mean) - (1 - mean) * Math.log1p(-mean));
  }

  /** sigmoid(logits) − x. */
  @Override
  public void gradient(Tensor logits, Tensor x, Tensor into) {
    torch.sigmoid_out(into, logits);
    into.sub_(x);
  }

  @Override
  public Tensor mean(Tensor logits) {
    return torch.sigmoid(logits);
  }

  /** 1 with probability sigmoid(logit), else 0. */
  @Override
  public double sample(double logit, RunRandom random, long index) {
    return random.uniform(index) * (1 + Math.exp(-logit)) < 1 ? 1 : 0;
  }
}
