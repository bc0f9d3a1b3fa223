package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * One of PyTorch's parameters and where its values stand in a run's row: a strided view whose
 * row-major order is PyTorch's, whatever the order in memory.
 *
 * @param name PyTorch's name
 * @param shape PyTorch's shape
 * @param axes the axes of the view, outermost first; as many values as the shape
 * @param offset the first value's place in the row
 */
public record ParameterView(String name, List<Long> shape, List<Axis> axes, long offset) {

  /** One axis of a view: how many values, and how far apart in the row. */
  public record Axis(long size, long stride) {}

  public ParameterView {
    shape = List.copyOf(shape);
    axes = List.copyOf(axes);
  }

  /**
   * The axes of one layer's values in PyTorch's order (C, H, W) where memory holds them channels
   * last, {@code stride} apart.
   */
  public static List<Axis> channelsLast(ImageShape shape, long stride) {
    List<Axis> axes = new ArrayList<>();
    axes.add(new Axis(shape.channels(), stride));
    if (shape.height() > 1 || shape.width() > 1) {
      axes.add(new Axis(shape.height(), stride * shape.channels() * shape.width()));
      axes.add(new Axis(shape.width(), stride * shape.channels()));
    }
    return axes;
  }

  /** Number of values. */
  public long count() {
    return axes.stream().mapToLong(Axis::size).reduce(1, Math::multiplyExact);
  }

  /** The place in the row of the value with that number in PyTorch's order. */
  public long place(long index) {
    long place = offset;
    long rest = index;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      place += rest % axis.size() * axis.stride();
      rest /= axis.size();
    }
    return place;
  }

  /** The view into a row [P]. */
  public Tensor of(Tensor row) {
    return row.as_strided(
        sizes(),
        axes.stream().mapToLong(Axis::stride).toArray(),
        new LongOptional(row.storage_offset() + offset));
  }

  /** The views into the rows of K runs. [K, P] → [K, axes] */
  Tensor ofAll(Tensor rows) {
    return rows.as_strided(
        LongStream.concat(LongStream.of(rows.size(0)), axes.stream().mapToLong(Axis::size))
            .toArray(),
        LongStream.concat(LongStream.of(rows.stride(0)), axes.stream().mapToLong(Axis::stride))
            .toArray(),
        new LongOptional(rows.storage_offset() + offset));
  }

  /** Sizes of the axes. */
  public long[] sizes() {
    return axes.stream().mapToLong(Axis::size).toArray();
  }

  /** PyTorch's shape, as libtorch takes it. */
  public long[] shapeArray() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
