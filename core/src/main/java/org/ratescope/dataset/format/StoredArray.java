package org.ratescope.dataset.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An array in a file, of which only the header has been read: element type, byte order and sizes,
 * last dimension fastest.
 */
public interface StoredArray {
  /** Maximum number of values that {@link #values} loads into memory. */
  int MAX_VALUES = 1 << 26;

  /** The file, with the entry if it has several, for messages. */
  String where();

  /** The type of a value. */
  DType element();

  /** Byte order of a value. */
  ByteOrder order();

  /** Size of each dimension. */
  List<Long> shape();

  /**
   * Opens the array for one pass over its values.
   *
   * @throws IOException if the file cannot be opened, with its name
   */
  ArrayReader open() throws IOException;

  /** Bytes of a value; for a text, bytes of all its characters. */
  default int width() {
    return element().bytes();
  }

  /** The files that contain the values; they may differ from the named file. */
  default List<Path> files() {
    return List.of();
  }

  /** The size of a dimension; 1 for dimensions that the array does not have. */
  default long size(int dimension) {
    return dimension < shape().size() ? shape().get(dimension) : 1;
  }

  /** Number of values in the dimensions from {@code first} on. */
  default long count(int first) {
    return shape().stream().skip(first).reduce(1L, Math::multiplyExact);
  }

  /**
   * All values of an array of numbers, for labels.
   *
   * @throws FormatException if there are more than {@link #MAX_VALUES}, or the file is damaged
   */
  default double[] values() throws IOException {
    double[] values = new double[countInMemory()];
    forEach((index, bytes) -> values[index] = element().get(bytes));
    return values;
  }

  /**
   * All values as texts, for labels: texts unchanged, whole numbers with all digits.
   *
   * @throws FormatException if there are more than {@link #MAX_VALUES}, the file is damaged, or a
   *     text is not valid Unicode
   */
  default List<String> texts() throws IOException {
    String[] texts = new String[countInMemory()];
    Map<String, String> different = new HashMap<>(); // stores each distinct text once
    forEach(
        (index, bytes) -> {
          try {
            String text = element().text(bytes);
            String before = different.putIfAbsent(text, text);
            texts[index] = before == null ? text : before;
          } catch (CharacterCodingException e) {
            throw new FormatException(
                where(),
                "the text at position %d is not valid Unicode; expected UTF-8 (S) or UTF-32 (U)"
                    .formatted(index),
                e);
          }
        });
    return List.of(texts);
  }

  private int countInMemory() throws FormatException {
    long count = count(0);
    FormatException.require(
        count <= MAX_VALUES,
        where(),
        "shape %s has %d values, at most %d are read".formatted(shape(), count, MAX_VALUES));
    return (int) count;
  }

  /**
   * Passes over the values one after the other.
   *
   * @throws FormatException if there are more than {@link #MAX_VALUES}, or the file is damaged
   */
  default void forEach(ValueReader values) throws IOException {
    int count = countInMemory();
    int atOnce = Math.max(1, (1 << 15) / width());
    byte[] window = new byte[width() * Math.min(atOnce, count)];
    try (ArrayReader reader = open()) {
      for (int done = 0; done < count; ) {
        int next = Math.min(atOnce, count - done);
        reader.read(window, 0, next * width());
        for (int i = 0; i < next; i++) {
          values.read(done++, ByteBuffer.wrap(window, i * width(), width()).slice().order(order()));
        }
      }
    }
  }

  /** Receives one value: its position in the order of the array, and its bytes. */
  interface ValueReader {
    void read(int index, ByteBuffer bytes) throws IOException;
  }
}
