package org.ratescope.tensor;

import java.nio.file.Path;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * All images of a data set as one tensor [N, D], float32 or 8 bits. Training and estimation gather
 * rows from it, as values in [0, 1]. Only this class knows how the values are stored. Safe to read
 * from many threads.
 *
 * <p>An 8-bit value n stands for n / 255, rounded once to the precision of the caller: a float32
 * run uses Java's {@code n / 255f}, a float64 run {@code n / 255.0}.
 *
 * @param images the tensor in the host's memory, float32 or uint8
 * @param resident the tensor from which batches are gathered: the same, or its copy on a device
 */
public record ImageTensor(Tensor images, Tensor resident) {
  private static final double WHITE = 255;

  /** Images in the host's memory. */
  public ImageTensor(Tensor images) {
    this(images, images);
  }

  /**
   * The same images with a copy on a device, in the stored form: 8-bit values stay 8-bit. The copy
   * belongs to the innermost open scope.
   */
  public ImageTensor on(Device device) {
    if (device.isCpu()) {
      return this;
    }
    Tensor copy = Tensors.empty(device, Tensors.type(images), rows(), dimensions());
    copy.copy_(images);
    return new ImageTensor(images, copy);
  }

  /**
   * The images in a raw file, mapped into memory: pages are read on first use, and stay in memory
   * as long as there is space.
   *
   * @param valueBytes 4 for little-endian float32 values, 1 for 8-bit ones
   */
  public static ImageTensor mapped(Path file, int valueBytes, int rows, int dimensions) {
    ScalarType type =
        switch (valueBytes) {
          case Float.BYTES -> ScalarType.Float;
          case Byte.BYTES -> ScalarType.Byte;
          default ->
              throw new IllegalArgumentException(
                  "a value must have 1 or 4 bytes; got " + valueBytes);
        };
    return new ImageTensor(Tensors.mapped(file, type, rows, dimensions));
  }

  /** Images from float32 values, row by row. */
  public static ImageTensor of(float[] values, int rows, int dimensions) {
    return new ImageTensor(Tensors.tensor(ScalarType.Float, values, rows, dimensions));
  }

  /** N, number of images. */
  public int rows() {
    return Math.toIntExact(images.size(0));
  }

  /** D, number of values of an image. */
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
    try (PointerScope scope = new PointerScope()) {
      Tensor index = Tensors.beside(wanted, resident);
      if (Tensors.type(into) == Tensors.type(images) && resident.is_cpu() == into.is_cpu()) {
        torch.index_select_out(into, resident, 0, index);
      } else {
        into.copy_(resident.index_select(0, index));
        scale(into);
      }
    }
  }

  /** These images as float32, on the device of the resident tensor. [n, D] */
  public Tensor select(long[] wanted) {
    Tensor selected = resident.index_select(0, Tensors.beside(Tensors.indices(wanted), resident));
    return isEightBit() ? scale(selected.to(ScalarType.Float)) : selected;
  }

  /** One image as float32. */
  public float[] image(int row) {
    Objects.checkIndex(row, rows());
    try (PointerScope scope = new PointerScope()) {
      Tensor values = images.select(0, row);
      return isEightBit() ? quotients(values) : Tensors.floats(values);
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
    return Tensors.type(images) == ScalarType.Byte;
  }

  /**
   * Divides by 255 in place, if these are 8-bit values. The divisor is a tensor, since for a number
   * some devices multiply by its reciprocal, which gives another result.
   */
  private Tensor scale(Tensor values) {
    return isEightBit() ? values.div_(Tensors.empty(values, 1).fill_(new Scalar(WHITE))) : values;
  }
}
