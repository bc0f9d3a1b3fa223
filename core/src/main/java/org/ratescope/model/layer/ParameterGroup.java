package org.ratescope.model.layer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.spec.RunRandom;

/**
 * Parameters whose initial values come from one random stream, one parameter after the other, each
 * in PyTorch's order.
 *
 * @param views where the parameters are in a run's row
 * @param initialization their initial values
 */
public record ParameterGroup(List<ParameterView> views, Initialization initialization) {
  public ParameterGroup {
    views = List.copyOf(views);
  }

  /** The initial value with that number in the group. */
  @FunctionalInterface
  public interface Initialization {
    double value(RunRandom random, long number);

    /** Uniform within ±1/√fanIn, as PyTorch's {@code Linear} and {@code Conv2d} have it. */
    static Initialization uniform(double fanIn) {
      double bound = 1 / Math.sqrt(fanIn);
      return (random, number) -> bound * (2 * random.uniform(number) - 1);
    }
  }

  /** Weight [out, in] and bias [out] of an affine layer, in PyTorch's order, with its names. */
  public static ParameterGroup affine(RowAllocator row, String name, int in, int out) {
    return new ParameterGroup(
        List.of(view(row, name + ".weight", out, in), view(row, name + ".bias", out)),
        Initialization.uniform(in));
  }

  /** A parameter that gets its own place in the row, in PyTorch's order. */
  public static ParameterView view(RowAllocator row, String name, long... shape) {
    long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    ParameterView.Axis[] axes = new ParameterView.Axis[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      axes[i] = new ParameterView.Axis(shape[i], stride);
      stride *= shape[i];
    }
    List<Long> sizes = LongStream.of(shape).boxed().toList();
    return new ParameterView(name, sizes, List.of(axes), row.take(count));
  }

  /** Number of values. */
  public long count() {
    return views.stream().mapToLong(ParameterView::count).sum();
  }

  /**
   * The parameters of K runs, which are views of their rows.
   *
   * @param rows [K, P]
   * @return [K, shape] each
   */
  public static List<Tensor> tensors(List<ParameterGroup> groups, Tensor rows) {
    return groups.stream()
        .flatMap(group -> group.views.stream())
        .map(view -> view.ofAll(rows))
        .toList();
  }
}
