package org.ratescope.dataset.format;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An array whose values follow each other in a stream, after a header.
 *
 * @param source the stream
 * @param start offset of the first value
 * @param width bytes of a value
 */
record StreamedArray(
    ByteSource source, long start, DType element, int width, ByteOrder order, List<Long> shape)
    implements StoredArray {

  /** An array of numbers, as {@link #of(ByteSource, long, DType, int, ByteOrder, List)}. */
  static StreamedArray of(
      ByteSource source, long start, DType element, ByteOrder order, List<Long> shape)
      throws FormatException {
    return of(source, start, element, element.bytes(), order, shape);
  }

  /**
   * The array, if the stream is long enough for the sizes in its header.
   *
   * @throws FormatException if a size is not positive, or the values need more bytes than there are
   */
  static StreamedArray of(
      ByteSource source, long start, DType element, int width, ByteOrder order, List<Long> shape)
      throws FormatException {
    long bytes = width;
    for (long size : shape) {
      FormatException.require(size > 0, source.where(), "shape %s has no values".formatted(shape));
      FormatException.require(
          bytes <= source.limit() / size,
          source.where(),
          "values of shape %s and type %s need more bytes than the %d the file can hold"
              .formatted(shape, element.text(), source.limit()));
      bytes *= size;
    }
    FormatException.require(
        bytes <= source.limit() - start && (!source.exact() || bytes == source.limit() - start),
        source.where(),
        "values of shape %s and type %s need %d bytes after offset %d, the file has %s"
            .formatted(
                shape,
                element.text(),
                bytes,
                start,
                (source.exact() ? "" : "at most ") + (source.limit() - start)));
    return new StreamedArray(source, start, element, width, order, List.copyOf(shape));
  }

  @Override
  public String where() {
    return source.where();
  }

  @Override
  public ArrayReader open() throws IOException {
    ByteReader reader = source.open();
    try {
      reader.skip(start);
    } catch (IOException e) {
      reader.close();
      throw e;
    }
    return new Pass(reader, count(0) * width);
  }

  private static final class Pass implements ArrayReader {
    private final ByteReader reader;
    private long left;

    Pass(ByteReader reader, long left) {
      this.reader = reader;
      this.left = left;
    }

    @Override
    public void read(byte[] into, int from, int count) throws IOException {
      if (count > left) {
        throw new IllegalArgumentException(
            "got a request for %d bytes; expected at most %d, the bytes left"
                .formatted(count, left));
      }
      reader.read(into, from, count);
      left -= count;
      if (left == 0) {
        reader.requireEnd();
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
