package org.ratescope.hdf5;

import org.ratescope.format.ArrayReader;

/** A pass over bytes in memory, which begin again after the last: an array's, or a fill value's. */
final class MemoryPass implements ArrayReader {
  private final byte[] bytes;
  private int at;

  MemoryPass(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public void read(byte[] into, int from, int count) {
    for (int done = 0; done < count; ) {
      int most = Math.min(count - done, bytes.length - at);
      System.arraycopy(bytes, at, into, from + done, most);
      at = (at + most) % bytes.length;
      done += most;
    }
  }

  @Override
  public void close() {}
}
