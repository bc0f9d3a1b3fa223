package org.ratescope.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Tensors;

/**
 * The update in which each run's loss became non-finite, kept on the device that computes it, so
 * that no step waits for an answer.
 */
final class NonFiniteDetector {
  private final Tensor since; // [K] float64: exact for every update; infinity while all is finite

  NonFiniteDetector(Device device, int k) {
    since = Tensors.empty(device, ScalarType.Double, k).fill_(new Scalar(Double.POSITIVE_INFINITY));
  }

  /**
   * Takes note of an update.
   *
   * @param finite one number for each run, finite where its loss is [K]
   */
  void note(Tensor finite, int step) {
    Tensor bad = finite.sub(finite).ne(new Scalar(0.0)).to(ScalarType.Double); // 1 or 0
    Tensor now = bad.reciprocal_().mul_(new Scalar(step + 1.0)).sub_(new Scalar(1.0));
    torch.minimum_out(since, since, now);
  }

  /** For each run the first update that was not finite, or infinity. Waits for the device. */
  double[] since() {
    return Tensors.doubles(since);
  }
}
