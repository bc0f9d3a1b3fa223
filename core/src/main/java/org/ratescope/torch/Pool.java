package org.ratescope.torch;

import java.nio.file.Path;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * All images of a data set as one tensor [N, D], float32 or 8 bits: what training and estimation
 * take their rows from, as values in [0, 1]. Nobody else knows how the values are held. Safe to
 * read from many threads.
 *
 * <p>An 8-bit value n stands for n / 255, rounded once to the precision of whoever asks: a float32
 * run sees what Java calls {@code n / 255f}, a float64 run {@code n / 255.0}.
 *
 * @param images the tensor, float32 or uint8
 */
public record Pool(Tensor images) {
  private static final double WHITE = 255;

  /**
   * The images in a raw file, mapped into memory: nothing is read before it is used, and what was
   * read stays in memory as long as there is room.
   *
   * @param valueBytes 4 for little-endian float32 values, 1 for 8-bit ones
   */
  public static Pool mapped(Path file, int valueBytes, int rows, int dimensions) {
    ScalarType type =
        switch (valueBytes) {
          case Float.BYTES -> ScalarType.Float;
          case Byte.BYTES -> ScalarType.Byte;
          default ->
              throw new IllegalArgumentException(
                  "a value must have 1 or 4 bytes, came " + valueBytes);
        };
    return new Pool(Host.mapped(file, type, rows, dimensions));
  }

  /** Images from float32 values, row by row. */
  public static Pool of(float[] values, int rows, int dimensions) {
    return new Pool(Host.tensor(ScalarType.Float, values, rows, dimensions));
  }

  /** N, number of images. */
  public int rows() {
    return Math.toIntExact(images.size(0));
  }

  /** D, values of an image. */
  public int dimensions() {
    return Math.toIntExact(images.size(1));
  }

  /**
   * Copies images into a contiguous float32 or float64 tensor.
   *
   * @param wanted rows, which may repeat; [n] int64
   * @param into receives them; [n, D]
   */
  public void gather(Tensor wanted, Tensor into) {
    if (Host.type(into) == Host.type(images)) {
      torch.index_select_out(into, images, 0, wanted);
      return;
    }
    try (PointerScope scope = new PointerScope()) {
      into.copy_(images.index_select(0, wanted));
      scale(into);
    }
  }

  /** Those images as float32. [n, D] */
  public Tensor select(long[] wanted) {
    Tensor selected = images.index_select(0, Host.indices(wanted));
    return isEightBit() ? scale(selected.to(ScalarType.Float)) : selected;
  }

  /** One image as float32. */
  public float[] image(int row) {
    Objects.checkIndex(row, rows());
    try (PointerScope scope = new PointerScope()) {
      Tensor values = images.select(0, row);
      return isEightBit() ? quotients(values) : Host.floats(values);
    }
  }

  private float[] quotients(Tensor values) {
    byte[] bytes = new byte[dimensions()];
    values.data_ptr_byte().get(bytes);
    float[] quotients = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      quotients[i] = Byte.toUnsignedInt(bytes[i]) / 255f;
    }
    return quotients;
  }

  private boolean isEightBit() {
    return Host.type(images) == ScalarType.Byte;
  }

  /**
   * Divides by 255 in place, if these are 8-bit values. The divisor is a tensor, since by a number
   * some devices multiply with its reciprocal, which is not the same.
   */
  private Tensor scale(Tensor values) {
    return isEightBit()
        ? values.div_(Host.tensor(Host.type(values), new double[] {WHITE}, 1))
        : values;
  }
}
