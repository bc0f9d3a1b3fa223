package org.ratescope.dataset.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads bytes in order, and knows the offset for error messages. */
final class ByteReader implements Closeable {
  private final String where;
  private final InputStream in;
  private long offset;

  ByteReader(String where, InputStream in) {
    this.where = where;
    this.in = in;
  }

  /** Offset of the next byte, in the unpacked content if it is compressed. */
  long offset() {
    return offset;
  }

  /** The next bytes, in a new buffer. The caller limits {@code count}. */
  ByteBuffer next(int count, ByteOrder order) throws IOException {
    byte[] bytes = new byte[count];
    read(bytes, 0, count);
    return ByteBuffer.wrap(bytes).order(order);
  }

  void read(byte[] into, int from, int count) throws IOException {
    int done = 0;
    try {
      while (done < count) {
        int read = in.read(into, from + done, count - done);
        if (read < 0) {
          throw new FormatException(
              where,
              "truncated: it ends at offset %d; expected %d more bytes"
                  .formatted(offset + done, count - done));
        }
        done += read;
      }
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(offset + done, e);
    }
    offset += count;
  }

  void skip(long count) throws IOException {
    byte[] window = new byte[(int) Math.min(count, 1 << 13)];
    for (long left = count; left > 0; left -= Math.min(left, window.length)) {
      read(window, 0, (int) Math.min(left, window.length));
    }
  }

  /** Checks that the file ends here. */
  void requireEnd() throws IOException {
    int next;
    try {
      next = in.read();
    } catch (IOException | RuntimeException e) {
      throw damaged(offset, e);
    }
    FormatException.require(
        next < 0, where, "continues after its last value, at offset %d".formatted(offset));
  }

  private FormatException damaged(long at, Exception e) {
    return new FormatException(where, "damaged at offset %d: %s".formatted(at, e.getMessage()), e);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
