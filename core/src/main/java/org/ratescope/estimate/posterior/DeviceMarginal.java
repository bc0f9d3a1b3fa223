package org.ratescope.estimate.posterior;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Tensors;

/**
 * {@link InferenceMarginal#logDensity} on a device: the same differences z − mean_n in float64,
 * summed in another order, a tile of codes at a time against all posteriors.
 */
public final class DeviceMarginal {
  /** Number of values [m, N, L] of a tile: half a gigabyte, for each of a few tensors. */
  private static final long TILE_VALUES = 1 << 26;

  private DeviceMarginal() {}

  /**
   * log q(z_i) in nats, over all N posteriors.
   *
   * @param codes z [M, L]
   */
  public static double[] logDensity(Posteriors posteriors, double[] codes, Device device) {
    return logDensity(posteriors, codes, device, TILE_VALUES);
  }

  public static double[] logDensity(
      Posteriors posteriors, double[] codes, Device device, long tileValues) {
    int n = posteriors.size();
    int latent = posteriors.latentSize();
    int count = codes.length / latent;
    try (PointerScope scope = new PointerScope()) {
      Tensor like = Tensors.empty(device, ScalarType.Double, 1);
      Tensor mean = Tensors.tensor(like, posteriors.mean(), n, latent);
      Tensor logVar = Tensors.tensor(like, posteriors.logVar(), n, latent);
      Tensor precision = logVar.neg().exp_();
      Tensor constant = logVar.add(new Scalar(Posteriors.LOG_TWO_PI)).sum(1L); // [N]
      Tensor z = Tensors.tensor(like, codes, count, latent);
      Tensor found = Tensors.empty(like, count);
      int tile = Math.clamp(tileValues / ((long) n * latent), 1, count);
      for (int first = 0; first < count; first += tile) {
        try (PointerScope step = new PointerScope()) {
          int width = Math.min(tile, count - first);
          Tensor difference = z.narrow(0, first, width).unsqueeze(1).sub(mean); // [m, N, L]
          Tensor terms =
              difference.square_().mul_(precision).sum(2L).add_(constant).mul_(new Scalar(-0.5));
          found.narrow(0, first, width).copy_(torch.logsumexp(terms, 1L));
        }
      }
      return Tensors.doubles(found.sub_(new Scalar(Math.log(n))));
    }
  }
}
