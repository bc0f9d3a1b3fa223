package org.ratescope.dataset.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The "binary matrix" format of SmallNORB's {@code .mat} files, plain or gzipped, little-endian: a
 * magic number, the number of dimensions d, max(3, d) sizes, and the values. It is not the MATLAB
 * format. Source: the description beside the original SmallNORB files.
 */
public final class BinaryMatrix {
  private static final int MAX_DIMENSIONS = 8;
  private static final int LEAST_SIZES = 3;

  private BinaryMatrix() {}

  /**
   * Reads the header.
   *
   * @throws FormatException if the file is not such a matrix, or is shorter than its header
   *     promises
   */
  public static StoredArray open(Path file) throws IOException {
    ByteSource source = ByteSource.of(file);
    try (ByteReader reader = source.open()) {
      ByteBuffer head = reader.next(2 * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
      DType element = element(source.where(), head.getInt());
      int dimensions = head.getInt();
      FormatException.require(
          dimensions >= 1 && dimensions <= MAX_DIMENSIONS,
          source.where(),
          "%d dimensions at offset 4; expected 1 to %d".formatted(dimensions, MAX_DIMENSIONS));
      int listed = Math.max(LEAST_SIZES, dimensions);
      ByteBuffer sizes = reader.next(listed * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
      List<Long> shape = new ArrayList<>();
      for (int i = 0; i < dimensions; i++) {
        shape.add((long) sizes.getInt());
      }
      return StreamedArray.of(source, reader.offset(), element, ByteOrder.LITTLE_ENDIAN, shape);
    }
  }

  private static DType element(String where, int magic) throws FormatException {
    return switch (magic) {
      case 0x1E3D4C51 -> DType.FLOAT32;
      case 0x1E3D4C53 -> DType.FLOAT64;
      case 0x1E3D4C54 -> DType.INT32;
      case 0x1E3D4C55 -> DType.UINT8;
      case 0x1E3D4C56 -> DType.INT16;
      case 0x514C3D1E, 0x534C3D1E, 0x544C3D1E, 0x554C3D1E, 0x564C3D1E ->
          throw new FormatException(where, "big-endian at offset 0; expected little-endian");
      default ->
          throw new FormatException(
              where, "not a binary matrix: magic number %08X at offset 0".formatted(magic));
    };
  }
}
