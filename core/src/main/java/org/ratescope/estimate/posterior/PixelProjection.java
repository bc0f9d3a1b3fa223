package org.ratescope.estimate.posterior;

import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * A map of images x to a few coordinates whose distances are at most those of the images:
 *
 * <pre>
 *   φ(x) = (Qᵀ(x − m), ‖(1 − QQᵀ)(x − m)‖),   ‖φ(x) − φ(y)‖ ≤ ‖x − y‖
 * </pre>
 *
 * <p>since Q has orthonormal columns, and the norms of two vectors differ by at most their
 * distance. m is the mean of a sample of the training set. Q spans its leading principal directions
 * up to the error of a few subspace iterations (Golub and Van Loan, Matrix Computations, section
 * 8.2.4). The bound holds for any Q; a better Q makes it tighter.
 */
final class PixelProjection {
  /** Number of coordinates: the columns of Q and the norm. */
  static final int COORDINATES = 128;

  private static final int SAMPLE = 1024;
  private static final int ITERATIONS = 3;

  private final Tensor mean; // [1, D] float64
  private final Tensor basis; // [D, COORDINATES - 1] float64

  private PixelProjection(Tensor mean, Tensor basis) {
    this.mean = mean;
    this.basis = basis;
  }

  /**
   * A projection for the images of a training set. Its tensors belong to the innermost open scope.
   *
   * @param train rows of the training set, at least {@link #COORDINATES}
   */
  static PixelProjection of(ImageTensor pool, int[] train) {
    int size = Math.min(SAMPLE, train.length);
    long[] rows =
        IntStream.range(0, size)
            .mapToLong(i -> train[(int) ((long) i * train.length / size)])
            .toArray();
    Tensor mean = Tensors.empty(ScalarType.Double, 1, pool.dimensions());
    Tensor basis = Tensors.empty(ScalarType.Double, pool.dimensions(), COORDINATES - 1);
    try (PointerScope scope = new PointerScope()) {
      Tensor sample = Tensors.here(pool.select(rows)).to(ScalarType.Double); // [S, D]
      mean.copy_(sample.sum(0L).div(new Scalar((double) size)).view(1, -1));
      Tensor rest = sample.sub_(mean);
      Tensor directions = rest.narrow(0, 0, COORDINATES - 1).t(); // [D, C - 1]
      for (int i = 0; i < ITERATIONS; i++) {
        directions = rest.t().mm(rest.mm(torch.linalg_qr(directions).get0()));
      }
      basis.copy_(torch.linalg_qr(directions).get0());
    }
    return new PixelProjection(mean, basis);
  }

  /**
   * Computes coordinates, in float64 with one rounding to float32.
   *
   * @param images [n, D] float32
   * @param into receives them; [n, COORDINATES] float32
   */
  void coordinates(Tensor images, Tensor into) {
    try (PointerScope scope = new PointerScope()) {
      Tensor rest = Tensors.here(images).to(ScalarType.Double).sub_(mean);
      Tensor directions = rest.mm(basis); // [n, C - 1]
      Tensor norm = squares(rest).sub_(squares(directions)).clamp_min_(new Scalar(0.0)).sqrt_();
      into.narrow(1, 0, COORDINATES - 1).copy_(directions);
      into.select(1, COORDINATES - 1).copy_(norm);
    }
  }

  private static Tensor squares(Tensor vectors) {
    return vectors.mul(vectors).sum(1L);
  }
}
