package org.ratescope.bench;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.FusedAdam;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * What one core can do at best.
 *
 * @param productFlopsPerSecond floating-point operations a second of a large float32 matrix product
 * @param adamBytesPerSecond bytes a second that pass between memory and the core in a pass of Adam
 *     with amsgrad over more parameters than caches hold, counting {@link Roofline#ADAM_WORDS}
 *     words each
 */
public record MachineLimits(double productFlopsPerSecond, double adamBytesPerSecond) {
  /** Rows and columns of the matrices that are multiplied. */
  private static final int PRODUCT_SIZE = 2048;

  /** Parameters of the pass: with gradient and moments 160 MB. */
  private static final int ADAM_SIZE = 1 << 23;

  /** Measures both, about a second on one core. */
  public static MachineLimits measure() {
    return measure(PRODUCT_SIZE, ADAM_SIZE, Device.CPU);
  }

  /** Measures both on data of that size. */
  static MachineLimits measure(int productSize, int adamSize, Device device) {
    Libtorch.useOneThread();
    return new MachineLimits(productFlops(productSize, device), bandwidth(adamSize, device));
  }

  /** Floating-point operations a second of a product of square matrices of that size. */
  private static double productFlops(int size, Device device) {
    try (PointerScope scope = new PointerScope()) {
      Tensor a = Tensors.empty(device, ScalarType.Float, size, size).fill_(new Scalar(0.5));
      Tensor b = a.clone();
      Tensor c = Tensors.empty(device, ScalarType.Float, size, size);
      double seconds = least(5, () -> torch.mm_out(c, a, b), device);
      return 2.0 * size * size * size / seconds;
    }
  }

  private static double bandwidth(int size, Device device) {
    try (PointerScope scope = new PointerScope()) {
      Runnable pass = adam(size, device);
      return (double) Roofline.ADAM_WORDS * Float.BYTES * size / least(5, pass, device);
    }
  }

  /** One pass of Adam with amsgrad over that many float32 parameters. */
  static Runnable adam(long size) {
    return adam(size, Device.CPU);
  }

  private static Runnable adam(long size, Device device) {
    Scalar half = new Scalar(0.5);
    List<List<Tensor>> parts =
        Stream.generate(() -> List.of(Tensors.empty(device, ScalarType.Float, size).fill_(half)))
            .limit(5)
            .toList();
    Tensor step = Tensors.empty(device, ScalarType.Float).fill_(new Scalar(1.0));
    FusedAdam adam = new FusedAdam();
    FusedAdam.Arguments arguments =
        new FusedAdam.Arguments(
            parts.get(0),
            parts.get(1),
            parts.get(2),
            parts.get(3),
            parts.get(4),
            Collections.nCopies(1, step));
    return () -> adam.step(arguments, 1e-3, 0.9, 0.999, 1e-8);
  }

  /** Seconds of the fastest of that many trials, after one that is not counted. */
  private static double least(int trials, Runnable work, Device device) {
    work.run();
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < trials; i++) {
      device.synchronize();
      long start = System.nanoTime();
      work.run();
      device.synchronize();
      least = Math.min(least, (System.nanoTime() - start) / 1e9);
    }
    return least;
  }
}
