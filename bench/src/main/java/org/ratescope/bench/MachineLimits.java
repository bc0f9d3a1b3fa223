package org.ratescope.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.torch.Host;

/** What one core of this machine can do at best. */
final class MachineLimits {
  private static final int SIZE = 2048;

  private MachineLimits() {}

  /** Floating-point operations a second of a float32 matrix product of 2048 by 2048 matrices. */
  static double productPeak() {
    try (PointerScope scope = new PointerScope()) {
      Tensor a =
          Host.zeros(ScalarType.Float, SIZE, SIZE).add_(new org.bytedeco.pytorch.Scalar(0.5));
      Tensor b = a.clone();
      Tensor c = Host.zeros(ScalarType.Float, SIZE, SIZE);
      double seconds = Clock.best(5, () -> torch.mm_out(c, a, b));
      return 2.0 * SIZE * SIZE * SIZE / seconds;
    }
  }
}
