package org.ratescope.dataset.format;

/**
 * One pass over bytes in memory, repeated from the start after the end: those of an array or of a
 * fill value.
 */
public final class MemoryReader implements ArrayReader {
  private final byte[] bytes;
  private int at;

  /** Reads those bytes, at least one. */
  public MemoryReader(byte[] bytes) {
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
