package org.ratescope.model.prior;

import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** The equations that priors share whose density is a {@link DiagonalMixture}. */
abstract class MixtureDensity implements PriorDensity {
  private DiagonalMixture.@Nullable Sampler sampler;

  /** The mixtures of the K runs, as the parameters are now. */
  abstract DiagonalMixture mixture();

  @Override
  public final Tensor logDensity(Tensor codes) {
    return mixture().logDensity(codes);
  }

  @Override
  public final void sample(double[] codes, int offset, int latentSize, DoubleSupplier uniform) {
    if (sampler == null) {
      try (PointerScope scope = new PointerScope()) {
        sampler = mixture().sampler();
      }
    }
    sampler.sample(codes, offset, latentSize, uniform);
  }
}
