package org.ratescope.dataset.format;

import java.io.Closeable;
import java.io.IOException;

/** One pass over the raw bytes of a {@link StoredArray}. */
public interface ArrayReader extends Closeable {

  /**
   * Reads the next bytes.
   *
   * @param into receives them
   * @param from where in it they begin
   * @param count how many: no more than are left
   * @throws FormatException if the file is cut short or damaged; also, with the last byte, if it
   *     goes on after the array
   */
  void read(byte[] into, int from, int count) throws IOException;
}
