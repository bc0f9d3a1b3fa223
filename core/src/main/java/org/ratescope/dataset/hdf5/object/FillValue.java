package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The value of values that were never written (sections IV.A.2.e and IV.A.2.f): zeros, a value in
 * the file, or undefined.
 */
public final class FillValue {
  private static final int NEVER = 1;

  private final String undefined; // why there is none, else empty
  private final byte[] pattern; // the value several times over

  private FillValue(String undefined, byte[] value) {
    this.undefined = undefined;
    this.pattern = new byte[value.length * Math.ceilDiv(1 << 12, value.length)];
    for (int at = 0; at < pattern.length; at += value.length) {
      System.arraycopy(value, 0, pattern, at, value.length);
    }
  }

  public static FillValue of(Hdf5File in, ObjectHeader header, int bytes) throws IOException {
    Optional<ByteBuffer> message = header.message(ObjectHeader.FILL_VALUE);
    if (message.isPresent()) {
      return read(in, message.get(), bytes);
    }
    Optional<ByteBuffer> old = header.message(ObjectHeader.OLD_FILL_VALUE);
    return new FillValue("", old.isPresent() ? value(in, old.get(), bytes) : new byte[bytes]);
  }

  private static FillValue read(Hdf5File in, ByteBuffer body, int bytes) throws IOException {
    int version = body.get();
    int time;
    boolean defined;
    boolean given;
    if (version == 1 || version == 2) {
      body.get(); // at allocation time
      time = body.get();
      given = body.get() != 0;
      defined = given;
    } else if (version == 3) {
      int flags = body.get();
      time = flags >> 2 & 3;
      defined = (flags & 1 << 4) == 0;
      given = defined && (flags & 1 << 5) != 0;
    } else {
      throw in.error("fill value version %d; expected 1 to 3".formatted(version));
    }
    byte[] value = given ? value(in, body, bytes) : new byte[bytes];
    return new FillValue(
        !defined
            ? "its fill value is undefined"
            : time == NEVER ? "its fill value is never used (fill time \"never\")" : "",
        value);
  }

  private static byte[] value(Hdf5File in, ByteBuffer body, int bytes) throws IOException {
    int size = body.getInt();
    if (!(size == 0 || size == bytes)) {
      throw in.error("a fill value of %d bytes; expected %d".formatted(size, bytes));
    }
    byte[] value = new byte[bytes];
    body.get(value, 0, size);
    return value;
  }

  /** Throws if there is no fill value for {@code what}, which was never written. */
  public void require(Hdf5File in, String what) throws IOException {
    if (!undefined.isEmpty()) {
      throw in.error(
          "%s was never written, and %s; write all values (h5py: array[...] = values)"
              .formatted(what, undefined));
    }
  }

  /** Fills a buffer from its start to its limit. */
  public void fill(ByteBuffer into) {
    into.rewind();
    while (into.hasRemaining()) {
      into.put(pattern, 0, Math.min(pattern.length, into.remaining()));
    }
    into.rewind();
  }

  /** The value, several times over. */
  public byte[] pattern() {
    return pattern.clone();
  }
}
