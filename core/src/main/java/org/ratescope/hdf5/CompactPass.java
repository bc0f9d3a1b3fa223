package org.ratescope.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ratescope.format.ArrayReader;

/** A pass over values that lie in the header. */
final class CompactPass implements ArrayReader {
  private final ByteBuffer values;

  private CompactPass(ByteBuffer values) {
    this.values = values;
  }

  /** Closes the file, which is not needed any more. */
  static CompactPass of(Hdf5File in, Layout.Compact layout, long bytes) throws IOException {
    in.close();
    if (layout.values().remaining() < bytes) {
      throw in.error(
          "%d bytes in the header where %d are required"
              .formatted(layout.values().remaining(), bytes));
    }
    return new CompactPass(layout.values().duplicate());
  }

  @Override
  public void read(byte[] into, int from, int count) {
    values.get(into, from, count);
  }

  @Override
  public void close() {}
}
