package org.ratescope.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.bench.MachineLimits;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Forward and backward of the paper's convolutions (kernel 4, stride 2, padding 1, batch 128) for K
 * runs on one core, in several ways: one grouped convolution, a loop over the runs with autograd, a
 * loop without it over tensors that lie channels last (as the networks of {@code
 * org.ratescope.model} do it), and im2col with batched products. The ways take turns, so that a
 * drift of the machine meets all.
 */
public final class ConvolutionBench {
  private static final int BATCH = 128;
  private static final int ROUNDS = 7;
  private static final long[] STRIDE = {2, 2};
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  /** A layer; the first needs no gradient of its input. */
  private record Shape(int in, int out, int side, boolean first) {
    int half() {
      return side / 2;
    }

    /** Floating-point operations of the products of one run, forward and backward. */
    double operations() {
      return (first ? 2 : 3) * 2.0 * BATCH * half() * half() * 16 * in * out;
    }

    String text() {
      return "%d -> %d channels, %d px".formatted(in, out, side);
    }
  }

  private ConvolutionBench() {}

  /** Prints one line for each layer, K and way. */
  public static void main(String[] arguments) {
    Libtorch.useOneThread();
    System.out.printf(
        "matrix product 2048^3: %.1f GFLOP/s%n", MachineLimits.measure().productFlops() / 1e9);
    for (Shape shape :
        List.of(
            new Shape(3, 64, 32, true),
            new Shape(64, 64, 16, false),
            new Shape(64, 64, 8, false))) {
      for (int k : new int[] {1, 4}) {
        measure(shape, k).forEach(System.out::println);
      }
    }
    measure(new Shape(8, 8, 8, false), 32).forEach(System.out::println); // a small study's
    System.out.println(lastLayer());
  }

  private static List<String> measure(Shape shape, int k) {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Runnable> ways = new LinkedHashMap<>();
      ways.put("grouped", grouped(shape, k));
      ways.put("loop, autograd", loopWithAutograd(shape, k));
      ways.put("loop, channels last", loopChannelsLast(shape, k));
      ways.put(
          "im2col, batched",
          new Unfolded(k, BATCH, shape.in(), shape.out(), shape.half(), shape.first()));
      Map<String, Double> seconds = BestOfTrials.interleaved(ROUNDS, ways);
      double least = seconds.values().stream().mapToDouble(s -> s).min().orElseThrow();
      List<String> lines = new ArrayList<>();
      seconds.forEach(
          (way, s) ->
              lines.add(
                  "%s, K = %d, %-20s %7.2f ms a run, %5.1f GFLOP/s, %.2f of the fastest's time"
                      .formatted(
                          shape.text(),
                          k,
                          way + ":",
                          s * 1e3 / k,
                          k * shape.operations() / s / 1e9,
                          s / least)));
      return lines;
    }
  }

  private static Runnable grouped(Shape shape, int k) {
    Tensor x = random(BATCH, (long) k * shape.in(), shape.side(), shape.side());
    Tensor weight = random((long) k * shape.out(), shape.in(), 4, 4).set_requires_grad(true);
    Tensor bias = random((long) k * shape.out()).set_requires_grad(true);
    Tensor gradient = random(BATCH, (long) k * shape.out(), shape.half(), shape.half());
    x.set_requires_grad(!shape.first());
    return () -> autograd(x, weight, bias, gradient, k);
  }

  private static Runnable loopWithAutograd(Shape shape, int k) {
    List<Runnable> runs = new ArrayList<>();
    for (int run = 0; run < k; run++) {
      runs.add(grouped(shape, 1));
    }
    return () -> runs.forEach(Runnable::run);
  }

  private static void autograd(Tensor x, Tensor weight, Tensor bias, Tensor gradient, int groups) {
    try (PointerScope scope = new PointerScope()) {
      Tensor y = torch.conv2d(x, weight, new TensorOptional(bias), STRIDE, ONE, ONE, groups);
      y.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
      for (Tensor leaf : List.of(x, weight, bias)) {
        leaf.mutable_grad().reset();
      }
    }
  }

  private static Runnable loopChannelsLast(Shape shape, int k) {
    List<Runnable> runs = new ArrayList<>();
    for (int run = 0; run < k; run++) {
      Tensor x = channelsLast(BATCH, shape.in(), shape.side());
      Tensor weight = channelsLast(shape.out(), shape.in(), 4);
      Tensor bias = random(shape.out());
      Tensor gradient = channelsLast(BATCH, shape.out(), shape.half());
      BoolPointer wanted = new BoolPointer(3);
      wanted.put(0L, !shape.first()).put(1L, true).put(2L, true);
      runs.add(
          () -> {
            try (PointerScope scope = new PointerScope()) {
              torch.convolution(
                  x, weight, new TensorOptional(bias), STRIDE, ONE, ONE, false, NONE, 1);
              torch.convolution_backward(
                  gradient,
                  x,
                  weight,
                  new long[] {shape.out()},
                  STRIDE,
                  ONE,
                  ONE,
                  false,
                  NONE,
                  1,
                  wanted);
            }
          });
    }
    return () -> runs.forEach(Runnable::run);
  }

  /**
   * The decoder's last layer forward: transposed, or with kernel 2 into four times the channels.
   */
  private static String lastLayer() {
    try (PointerScope scope = new PointerScope()) {
      Tensor x = channelsLast(BATCH, 64, 16);
      Tensor transposed = channelsLast(64, 3, 4);
      Tensor squares = channelsLast(12, 64, 2);
      Map<String, Runnable> ways = new LinkedHashMap<>();
      ways.put(
          "transposed",
          () -> {
            try (PointerScope step = new PointerScope()) {
              torch.convolution(
                  x, transposed, new TensorOptional(), STRIDE, ONE, ONE, true, NONE, 1);
            }
          });
      ways.put(
          "squares",
          () -> {
            try (PointerScope step = new PointerScope()) {
              Tensor places =
                  torch.convolution(
                      x, squares, new TensorOptional(), ONE, ONE, ONE, false, NONE, 1);
              torch.pixel_shuffle(places, 2).narrow(2, 1, 32).narrow(3, 1, 32).contiguous();
            }
          });
      Map<String, Double> seconds = BestOfTrials.interleaved(ROUNDS, ways);
      return "64 -> 3 channels, transposed, 16 px, forward: "
          + seconds.entrySet().stream()
              .map(e -> "%s %.2f ms".formatted(e.getKey(), e.getValue() * 1e3))
              .toList();
    }
  }

  /** Uniform values, B images seen as [B, C, H, W] that lie channels last. */
  private static Tensor channelsLast(long count, long channels, long side) {
    return random(count, side, side, channels).permute(0, 3, 1, 2);
  }

  /** Values around 0. */
  static Tensor random(long... shape) {
    Tensor tensor = Tensors.empty(ScalarType.Float, shape);
    float[] values = new float[Math.toIntExact(tensor.numel())];
    RunRandom random = RunRandom.of(1, RunRandom.Stream.NOISE, values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.uniform(i) - 0.5f;
    }
    Tensors.write(values, tensor);
    return tensor;
  }
}
