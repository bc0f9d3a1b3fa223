package org.ratescope.dataset.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The content of a gzip file: of all its members, one after the other. Unlike the JDK's stream it
 * refuses bytes after the last member that are not a member. It skips zeros, which tapes use as
 * padding, like Python's {@code gzip}. Source: RFC 1952.
 */
public final class GzipStream extends InputStream {
  private static final int BUFFER = 1 << 16;
  private static final int DEFLATED = 8;
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] buffer = new byte[BUFFER];
  private int next; // the next byte of the buffer
  private int end;
  private boolean ended;

  /** Reads the header of the first member. */
  public GzipStream(InputStream in) throws IOException {
    this.in = in;
    header(required());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    while (!ended && count > 0) {
      int read = inflate(into, from, count);
      if (read > 0) {
        checksum.update(into, from, read);
        return read;
      }
      if (inflater.finished()) {
        trailer();
      } else if (inflater.needsDictionary()) {
        throw new ZipException("a preset dictionary, which gzip does not have");
      } else {
        feed();
      }
    }
    return count == 0 ? 0 : -1;
  }

  private int inflate(byte[] into, int from, int count) throws ZipException {
    try {
      return inflater.inflate(into, from, count);
    } catch (DataFormatException e) {
      ZipException named = new ZipException(String.valueOf(e.getMessage()));
      named.initCause(e);
      throw named;
    }
  }

  private void feed() throws IOException {
    if (peek() < 0) {
      throw new EOFException("Unexpected end of ZLIB input stream");
    }
    inflater.setInput(buffer, next, end - next);
    next = end;
  }

  /** Checks the checksum and size of the member, then looks for another member. */
  private void trailer() throws IOException {
    next = end - inflater.getRemaining();
    if (number(4) != checksum.getValue()
        || number(4) != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw new ZipException("Corrupt GZIP trailer");
    }
    int first = peek();
    boolean filled = first == 0;
    while (first == 0) {
      next++;
      first = peek();
    }
    if (first < 0) {
      ended = true;
    } else if (filled || first != 0x1F) {
      throw new ZipException("bytes that are not gzip follow the compressed content");
    } else {
      inflater.reset();
      checksum.reset();
      header(required());
    }
  }

  private void header(int first) throws IOException {
    if (first != 0x1F || required() != 0x8B) {
      throw new ZipException("bytes that are not gzip follow the compressed content");
    }
    if (required() != DEFLATED) {
      throw new ZipException("Unsupported compression method");
    }
    int flags = required();
    number(4); // modification time
    number(2); // extra flags, system
    if ((flags & EXTRA) != 0) {
      for (long left = number(2); left > 0; left--) {
        required();
      }
    }
    for (int text = 0; text < Integer.bitCount(flags & (NAME | COMMENT)); text++) {
      int letter = required();
      while (letter != 0) {
        letter = required();
      }
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      number(2);
    }
  }

  /** A little-endian whole number. */
  private long number(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) required() << (8 * i);
    }
    return number;
  }

  private int required() throws IOException {
    int value = peek();
    if (value < 0) {
      throw new EOFException("Unexpected end of ZLIB input stream");
    }
    next++;
    return value;
  }

  /** The next byte of the file, without consuming it; -1 at the end. */
  private int peek() throws IOException {
    if (next == end) {
      next = 0;
      end = Math.max(0, in.read(buffer));
    }
    return next == end ? -1 : Byte.toUnsignedInt(buffer[next]);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
