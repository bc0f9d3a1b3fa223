package org.ratescope.dataset.format;

import java.io.Closeable;
import java.io.IOException;

/** One pass over the raw bytes of a {@link StoredArray}. */
public interface ArrayReader extends Closeable {

  /**
   * Reads the next bytes.
   *
   * @param into receives them
   * @param from start position in it
   * @param count number of bytes, at most the remaining ones
   * @throws FormatException if the file is truncated or damaged; with the last byte also if the
   *     file continues after the array
   */
  void read(byte[] into, int from, int count) throws IOException;
}
