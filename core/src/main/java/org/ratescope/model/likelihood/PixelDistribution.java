package org.ratescope.model.likelihood;

import org.bytedeco.pytorch.Tensor;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunRandom;

/**
 * The equations of a {@link Likelihood}. The decoder's output and the images are [K, B, D]; all
 * values are in nats for each example and include the normaliser of the density.
 */
public interface PixelDistribution extends Likelihood {

  /** −log p(x|z) of each example. [K, B] */
  Tensor distortion(Tensor output, Tensor x);

  /** Writes d distortion / d output to {@code into}. [K, B, D] */
  void gradient(Tensor output, Tensor x, Tensor into);

  /** E[x|z], in fresh memory. [K, B, D] */
  Tensor mean(Tensor output);

  /**
   * A value drawn from p(x|z).
   *
   * @param output the decoder's output for the value
   * @param random where the number {@code index} comes from
   */
  double sample(double output, RunRandom random, long index);

  /** The equations of a likelihood. */
  static PixelDistribution of(Likelihood likelihood) {
    if (likelihood instanceof PixelDistribution equations) {
      return equations;
    }
    throw new IllegalArgumentException("the likelihood has no equations: " + likelihood.text());
  }
}
