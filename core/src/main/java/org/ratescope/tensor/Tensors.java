package org.ratescope.tensor;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Copies between Java arrays and tensors, and creates tensors of a given type. Every tensor belongs
 * to the innermost open {@code PointerScope} of the calling thread, which frees it.
 */
public final class Tensors {
  private Tensors() {}

  /** A tensor of that type and shape with undefined content. */
  public static Tensor empty(ScalarType type, long... shape) {
    return torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional());
  }

  /** A tensor of that type and shape on a device, with undefined content. */
  public static Tensor empty(Device device, ScalarType type, long... shape) {
    return device.isCpu()
        ? empty(type, shape)
        : torch.empty(shape, device.options(type), new MemoryFormatOptional());
  }

  /** A tensor of that shape, with the type and device of another, with undefined content. */
  public static Tensor empty(Tensor like, long... shape) {
    return torch.empty(shape, like.options(), new MemoryFormatOptional());
  }

  /** The same filled with zeros. */
  public static Tensor zeros(Tensor like, long... shape) {
    return empty(like, shape).zero_();
  }

  /** A float tensor with a copy of these values, with the type and device of another. */
  public static Tensor tensor(Tensor like, double[] values, long... shape) {
    Tensor tensor = empty(like, shape);
    write(values, tensor);
    return tensor;
  }

  /** A tensor on the device of another: itself, or a copy. */
  public static Tensor beside(Tensor tensor, Tensor other) {
    boolean together =
        tensor.is_cpu()
            ? other.is_cpu()
            : !other.is_cpu() && tensor.device().equals(other.device());
    return together ? tensor : empty(tensor, other, shape(tensor)).copy_(tensor);
  }

  private static long[] shape(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).map(tensor::size).toArray();
  }

  private static Tensor empty(Tensor type, Tensor place, long... shape) {
    return torch.empty(
        shape, place.options().dtype(type.options().dtype_opt()), new MemoryFormatOptional());
  }

  /** A tensor's values in the host's memory: itself, or a copy, which waits for the device. */
  public static Tensor here(Tensor tensor) {
    return tensor.is_cpu() ? tensor : tensor.cpu();
  }

  /**
   * A tensor's type, as a constant that can be compared by identity: the binding's own method
   * returns a new object.
   */
  public static ScalarType type(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /** A tensor of that type and shape filled with zeros. */
  public static Tensor zeros(ScalarType type, long... shape) {
    return empty(type, shape).zero_();
  }

  /** A float64 or float32 tensor with a copy of those values, in row-major order. */
  public static Tensor tensor(ScalarType type, double[] values, long... shape) {
    Tensor tensor = empty(type, shape);
    write(values, tensor);
    return tensor;
  }

  /** A float32 or float64 tensor with a copy of those values, in row-major order. */
  public static Tensor tensor(ScalarType type, float[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Float, shape);
    checkSize(values.length, tensor);
    tensor.data_ptr_float().put(values, 0, values.length);
    return type == ScalarType.Float ? tensor : tensor.to(type);
  }

  /** An int64 tensor of one axis with a copy of those values. */
  public static Tensor indices(long[] values) {
    Tensor tensor = empty(ScalarType.Long, values.length);
    tensor.data_ptr_long().put(values, 0, values.length);
    return tensor;
  }

  /**
   * Copies values into a contiguous float32 or float64 tensor with as many values, rounding if
   * necessary.
   */
  public static void write(double[] values, Tensor into) {
    fill(
        into,
        values.length,
        host -> {
          if (type(host) == ScalarType.Double) {
            host.data_ptr_double().put(values, 0, values.length);
          } else {
            float[] rounded = new float[values.length];
            for (int i = 0; i < values.length; i++) {
              rounded[i] = (float) values[i];
            }
            host.data_ptr_float().put(rounded, 0, rounded.length);
          }
        });
  }

  /** Copies values into a contiguous float32 tensor with as many values. */
  public static void write(float[] values, Tensor into) {
    fill(into, values.length, host -> host.data_ptr_float().put(values, 0, values.length));
  }

  /** Copies indices into a contiguous int64 tensor with as many values. */
  public static void write(long[] values, Tensor into) {
    fill(into, values.length, host -> host.data_ptr_long().put(values, 0, values.length));
  }

  /** Fills the tensor; if it is on a device, fills a tensor of the host and copies it there. */
  private static void fill(Tensor into, int size, Consumer<Tensor> put) {
    checkSize(size, into);
    if (into.is_cpu()) {
      put.accept(into);
      return;
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor here = empty(type(into), size);
      put.accept(here);
      into.view(-1).copy_(here);
    }
  }

  /** A tensor's values as float64, in row-major order. */
  public static double[] doubles(Tensor tensor) {
    Tensor source = here(tensor).to(ScalarType.Double).contiguous();
    double[] values = new double[Math.toIntExact(source.numel())];
    source.data_ptr_double().get(values, 0, values.length);
    return values;
  }

  /** A tensor's values as float32, in row-major order. */
  public static float[] floats(Tensor tensor) {
    Tensor source = here(tensor).to(ScalarType.Float).contiguous();
    float[] values = new float[Math.toIntExact(source.numel())];
    source.data_ptr_float().get(values, 0, values.length);
    return values;
  }

  /**
   * A file of raw values of that type in this machine's byte order, mapped into memory: pages are
   * read on first use. [rows, columns]
   */
  static Tensor mapped(Path file, ScalarType type, long rows, long columns) {
    return torch
        .from_file(
            file.toString(),
            new BoolOptional(false),
            new LongOptional(rows * columns),
            new TensorOptions(type))
        .view(rows, columns);
  }

  private static void checkSize(long values, Tensor tensor) {
    if (values != tensor.numel() || !tensor.is_contiguous()) {
      throw new IllegalArgumentException(
          "a contiguous tensor of %d values is required; got %d values for %d (contiguous: %s)"
              .formatted(values, values, tensor.numel(), tensor.is_contiguous()));
    }
  }
}
