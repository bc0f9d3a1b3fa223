package org.ratescope.model.likelihood;

import java.util.OptionalDouble;
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

  /**
   * The smallest mean distortion of one value, in nats, that one output can have over images in
   * which this value has that mean and that mean of its squares. With the square of the mean as the
   * mean of squares it is the distortion that no output can fall below. Empty if there is no lower
   * bound, or if the likelihood does not say.
   */
  default OptionalDouble lowestDistortion(double mean, double meanSquare) {
    return OptionalDouble.empty();
  }

  /** The equations of a likelihood. */
  static PixelDistribution of(Likelihood likelihood) {
    if (likelihood instanceof PixelDistribution equations) {
      return equations;
    }
    throw new IllegalArgumentException("the likelihood has no equations: " + likelihood.text());
  }
}
