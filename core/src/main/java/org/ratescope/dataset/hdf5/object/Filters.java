package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The filters applied to a chunk before it was stored, in that order (section IV.A.2.l); this class
 * reverses them. It inflates nothing beyond the required size of a chunk.
 *
 * @param kinds the filters
 */
public record Filters(List<Kind> kinds) {
  /** A deflated byte yields at most this many (zlib, "maximum compression factor"). */
  public static final long MAX_INFLATION = 1032;

  static final Filters NONE = new Filters(List.of());

  /** The supported filters. */
  enum Kind {
    DEFLATE,
    SHUFFLE,
    FLETCHER32
  }

  public static Filters of(Hdf5File file, Optional<ByteBuffer> message) throws IOException {
    if (message.isEmpty()) {
      return NONE;
    }
    ByteBuffer body = message.get();
    int version = body.get();
    int count = body.get();
    if (!(version == 1 || version == 2) || !(count >= 0 && count <= 32)) {
      throw file.error("a list of %d filters, version %d".formatted(count, version));
    }
    body.position(version == 1 ? 8 : 2);
    List<Kind> kinds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      kinds.add(next(file, body, version));
    }
    return new Filters(List.copyOf(kinds));
  }

  private static Kind next(Hdf5File file, ByteBuffer body, int version) throws IOException {
    int id = Short.toUnsignedInt(body.getShort());
    int nameLength = version == 2 && id < 256 ? 0 : Short.toUnsignedInt(body.getShort());
    body.getShort(); // flags
    int values = Short.toUnsignedInt(body.getShort());
    byte[] name = new byte[Math.min(nameLength, body.remaining())];
    body.get(name);
    int padding = version == 1 && values % 2 == 1 ? Integer.BYTES : 0;
    body.position(body.position() + values * Integer.BYTES + padding);
    return switch (id) {
      case 1 -> Kind.DEFLATE;
      case 2 -> Kind.SHUFFLE;
      case 3 -> Kind.FLETCHER32;
      default ->
          throw file.error(
              "compressed by filter %d (%s); expected deflate (gzip), shuffle, fletcher32"
                  .formatted(
                      id, new String(name, StandardCharsets.US_ASCII).replaceAll("[^ -~]", "")));
    };
  }

  /**
   * The chunk before its filters.
   *
   * @param mask bit i is set if filter i was not applied
   * @param bytes required size of the chunk
   */
  public byte[] undo(byte[] stored, int mask, int bytes, int elementBytes)
      throws DataFormatException {
    byte[] data = stored;
    for (int i = kinds.size() - 1; i >= 0; i--) {
      if ((mask & 1 << i) == 0) {
        data =
            switch (kinds.get(i)) {
              case DEFLATE -> inflated(data, bytes + Integer.BYTES * kinds.size());
              case SHUFFLE -> unshuffled(data, elementBytes);
              case FLETCHER32 -> checked(data);
            };
      }
    }
    if (data.length != bytes) {
      throw new DataFormatException("%d bytes; expected %d".formatted(data.length, bytes));
    }
    return data;
  }

  private static byte[] inflated(byte[] data, int limit) throws DataFormatException {
    int most = (int) Math.min(limit, data.length * MAX_INFLATION);
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data);
      byte[] out = new byte[most];
      int done = 0;
      while (!inflater.finished()) {
        int count = inflater.inflate(out, done, most - done);
        if (count == 0 && !inflater.finished()) {
          throw new DataFormatException(
              done == most ? "more than %d bytes".formatted(limit) : "the stream ends early");
        }
        done += count;
      }
      return done == most ? out : Arrays.copyOf(out, done);
    } finally {
      inflater.end();
    }
  }

  /** The input has the first bytes of all elements first, then all second bytes, and so on. */
  private static byte[] unshuffled(byte[] data, int elementBytes) {
    if (elementBytes <= 1) {
      return data;
    }
    int count = data.length / elementBytes;
    byte[] out = data.clone(); // bytes that do not fill an element stay at the end
    for (int b = 0; b < elementBytes; b++) {
      for (int i = 0; i < count; i++) {
        out[i * elementBytes + b] = data[b * count + i];
      }
    }
    return out;
  }

  private static byte[] checked(byte[] data) throws DataFormatException {
    int length = data.length - Integer.BYTES;
    if (length < 0) {
      throw new DataFormatException("no room for a checksum");
    }
    int stored = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getInt(length);
    if (stored != fletcher32(data, length)) {
      throw new DataFormatException("the checksum does not match");
    }
    return Arrays.copyOf(data, length);
  }

  /** Fletcher's checksum of big-endian 16-bit words; an odd last byte is a word's upper half. */
  private static int fletcher32(byte[] data, int length) {
    long sum1 = 0;
    long sum2 = 0;
    for (int i = 0; i < length; i += 2) {
      int low = i + 1 < length ? Byte.toUnsignedInt(data[i + 1]) : 0;
      sum1 += Byte.toUnsignedInt(data[i]) << 8 | low;
      sum1 = (sum1 & 0xFFFF) + (sum1 >>> 16);
      sum2 += sum1;
      sum2 = (sum2 & 0xFFFF) + (sum2 >>> 16);
    }
    return (int) (sum2 << 16 | sum1);
  }

  @Override
  public String toString() {
    return kinds.toString().toLowerCase(Locale.ROOT);
  }
}
