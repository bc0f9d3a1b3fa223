package org.ratescope.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An array in a file, of which only the header was read: element type, byte order and sizes, last
 * dimension fastest.
 */
public interface StoredArray {
  /** Most values that {@link #values} takes into memory. */
  int MAX_VALUES = 1 << 26;

  /** The file, with the entry if it has several, for messages. */
  String where();

  /** What one value is. */
  Element element();

  /** Byte order of a value. */
  ByteOrder order();

  /** Size of each dimension. */
  List<Long> shape();

  /**
   * Opens the array for one pass over its values.
   *
   * @throws IOException if the file cannot be opened, naming it
   */
  ArrayReader open() throws IOException;

  /** Where a value is, counted in the array's order, for messages. */
  default String place(long value) {
    return "place " + value;
  }

  /** The size of a dimension, 1 for those the array does not have. */
  default long size(int dimension) {
    return dimension < shape().size() ? shape().get(dimension) : 1;
  }

  /** Number of values in the dimensions from {@code first} on. */
  default long count(int first) {
    return shape().stream().skip(first).reduce(1L, Math::multiplyExact);
  }

  /**
   * All values, for arrays of labels.
   *
   * @throws FormatException if they are more than {@link #MAX_VALUES}, or the file is damaged
   */
  default double[] values() throws IOException {
    long count = count(0);
    FormatException.require(
        count <= MAX_VALUES,
        where(),
        "shape %s has %d values, at most %d are read".formatted(shape(), count, MAX_VALUES));
    double[] values = new double[(int) count];
    byte[] window = new byte[element().bytes() * 4096];
    try (ArrayReader reader = open()) {
      for (int done = 0; done < values.length; ) {
        int next = Math.min(4096, values.length - done);
        reader.read(window, 0, next * element().bytes());
        ByteBuffer bytes = ByteBuffer.wrap(window).order(order());
        for (int i = 0; i < next; i++) {
          values[done++] = element().get(bytes);
        }
      }
    }
    return values;
  }
}
