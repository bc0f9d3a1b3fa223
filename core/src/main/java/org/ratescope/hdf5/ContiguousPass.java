package org.ratescope.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ratescope.format.ArrayReader;

/** A pass over values that lie in one piece. */
final class ContiguousPass implements ArrayReader {
  private final Hdf5File in;
  private long address;

  private ContiguousPass(Hdf5File in, long address) {
    this.in = in;
    this.address = address;
  }

  static ContiguousPass of(Hdf5File in, long address, long bytes) throws IOException {
    if (address == -1) {
      throw in.error("no value was ever written");
    }
    in.requireInside(address, bytes);
    return new ContiguousPass(in, address);
  }

  @Override
  public void read(byte[] into, int from, int count) throws IOException {
    in.requireInside(address, count);
    in.read(address, ByteBuffer.wrap(into, from, count));
    address += count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
