package org.ratescope.dataset.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The IDX format of MNIST, plain or gzipped: two zero bytes, a type, a number of dimensions, and
 * the sizes and values in big-endian order. Source: the description beside the original MNIST
 * files.
 */
public final class Idx {
  private static final int MAX_DIMENSIONS = 8;

  private Idx() {}

  /**
   * Reads the header.
   *
   * @throws FormatException if the file is not such an array, or is shorter than its header
   *     promises
   */
  public static StoredArray open(Path file) throws IOException {
    ByteSource source = ByteSource.of(file);
    try (ByteReader reader = source.open()) {
      ByteBuffer magic = reader.next(4, ByteOrder.BIG_ENDIAN);
      FormatException.require(
          magic.getShort(0) == 0,
          source.where(),
          "not an IDX file: got the bytes %02X %02X at offset 0; expected 00 00"
              .formatted(magic.get(0), magic.get(1)));
      DType element = element(source.where(), Byte.toUnsignedInt(magic.get(2)));
      int dimensions = Byte.toUnsignedInt(magic.get(3));
      FormatException.require(
          dimensions >= 1 && dimensions <= MAX_DIMENSIONS,
          source.where(),
          "%d dimensions at offset 3; expected 1 to %d".formatted(dimensions, MAX_DIMENSIONS));
      ByteBuffer sizes = reader.next(dimensions * Integer.BYTES, ByteOrder.BIG_ENDIAN);
      List<Long> shape = new ArrayList<>();
      for (int i = 0; i < dimensions; i++) {
        shape.add(Integer.toUnsignedLong(sizes.getInt()));
      }
      return StreamedArray.of(source, reader.offset(), element, ByteOrder.BIG_ENDIAN, shape);
    }
  }

  private static DType element(String where, int code) throws FormatException {
    return switch (code) {
      case 0x08 -> DType.UINT8;
      case 0x09 -> DType.INT8;
      case 0x0B -> DType.INT16;
      case 0x0C -> DType.INT32;
      case 0x0D -> DType.FLOAT32;
      case 0x0E -> DType.FLOAT64;
      default ->
          throw new FormatException(
              where,
              "type %02X at offset 2; expected 08, 09, 0B, 0C, 0D, 0E (hexadecimal)"
                  .formatted(code));
    };
  }
}
