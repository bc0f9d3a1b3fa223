package org.ratescope.dataset.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Small whole numbers in the first directory of a TIFF file or an Exif block, by tag. Damage ends
 * the directory without an error.
 *
 * @param values the first value of each tag of type SHORT
 * @param next whether another directory follows: a second picture
 */
record TiffTags(Map<Integer, Integer> values, boolean next) {
  static final int PHOTOMETRIC = 262;
  static final int ORIENTATION = 274;
  static final int SAMPLE_FORMAT = 339;

  private static final int SHORT = 3;
  private static final int ENTRY = 12;
  private static final TiffTags NONE = new TiffTags(Map.of(), false);

  TiffTags {
    values = Map.copyOf(values);
  }

  static TiffTags of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.limit() < 8) {
      return NONE;
    }
    boolean little = in.getShort(0) == 0x4949;
    in.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long first = Integer.toUnsignedLong(in.getInt(4));
    boolean header = (little || in.getShort(0) == 0x4D4D) && in.getShort(2) == 42;
    return header && first + 2 <= in.limit() ? directory(in, (int) first) : NONE;
  }

  private static TiffTags directory(ByteBuffer in, int first) {
    Map<Integer, Integer> values = new HashMap<>();
    int entries = Short.toUnsignedInt(in.getShort(first));
    for (int i = 0; i < entries; i++) {
      long at = first + 2 + (long) ENTRY * i;
      if (at + ENTRY > in.limit()) {
        return new TiffTags(values, false);
      }
      put(values, in, (int) at);
    }
    long end = first + 2 + (long) ENTRY * entries;
    return new TiffTags(values, end + 4 <= in.limit() && in.getInt((int) end) != 0);
  }

  private static void put(Map<Integer, Integer> values, ByteBuffer in, int entry) {
    long count = Integer.toUnsignedLong(in.getInt(entry + 4));
    long at = count <= 2 ? entry + 8 : Integer.toUnsignedLong(in.getInt(entry + 8));
    if (in.getShort(entry + 2) == SHORT && count >= 1 && at + 2 <= in.limit()) {
      int tag = Short.toUnsignedInt(in.getShort(entry));
      values.putIfAbsent(tag, Short.toUnsignedInt(in.getShort((int) at)));
    }
  }

  Optional<Integer> value(int tag) {
    return Optional.ofNullable(values.get(tag));
  }
}
