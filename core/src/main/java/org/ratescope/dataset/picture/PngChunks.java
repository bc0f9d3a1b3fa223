package org.ratescope.dataset.picture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;
import org.ratescope.dataset.format.FormatException;

/**
 * Checks the chunks of a PNG file: they must be complete up to the end marker, and those of the
 * picture must have their stated checksums. The JDK's reader checks neither.
 */
final class PngChunks {
  private static final int SIGNATURE = 8;
  private static final Set<String> CHECKED = Set.of("IHDR", "PLTE", "IDAT", "IEND", "tRNS", "eXIf");

  private PngChunks() {}

  /**
   * Checks all chunks.
   *
   * @return the orientation
   * @throws FormatException if the file is truncated or a checksum differs
   */
  static Orientation check(byte[] file, String where) throws FormatException {
    Orientation orientation = Orientation.NONE;
    ByteBuffer in = ByteBuffer.wrap(file).position(SIGNATURE);
    String name = "";
    while (!name.equals("IEND")) {
      int at = in.position();
      long length = in.remaining() < 12 ? Long.MAX_VALUE : Integer.toUnsignedLong(in.getInt());
      FormatException.require(
          length <= in.remaining() - 8L,
          where,
          "damaged picture: truncated in the chunk at offset %d".formatted(at));
      name = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      int end = at + 8 + (int) length;
      if (CHECKED.contains(name)) {
        CRC32 sum = new CRC32();
        sum.update(file, at + 4, end - at - 4);
        FormatException.require(
            (int) sum.getValue() == in.getInt(end),
            where,
            "damaged picture: wrong checksum of chunk %s at offset %d".formatted(name, at));
      }
      FormatException.require(
          !name.equals("acTL"), where, "several pictures (an animation or pages); expected one");
      if (name.equals("eXIf")) {
        orientation = Orientation.of(Arrays.copyOfRange(file, at + 8, end));
      }
      in.position(end + 4);
    }
    return orientation;
  }
}
