package org.ratescope.figure.svg;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks a font in WOFF 1.0 form (W3C Recommendation, 13 December 2012) to the TrueType file that
 * it was made of.
 */
final class Woff {
  private static final int SIGNATURE = 0x774F4646;
  private static final int HEADER = 44;
  private static final int ENTRY = 20;

  private Woff() {}

  static byte[] unpacked(byte[] file) {
    ByteBuffer woff = ByteBuffer.wrap(file);
    if (woff.getInt(0) != SIGNATURE) {
      throw new IllegalArgumentException("a font must be in WOFF 1.0 form");
    }
    int tables = Short.toUnsignedInt(woff.getShort(12));
    ByteBuffer font = ByteBuffer.allocate(woff.getInt(16)); // the size of the TrueType file
    font.putInt(woff.getInt(4)).putShort((short) tables); // then three fields for binary search
    int at = 12 + 16 * tables;
    for (int t = 0; t < tables; t++) {
      int entry = HEADER + t * ENTRY;
      int length = woff.getInt(entry + 12);
      font.position(12 + 16 * t);
      font.putInt(woff.getInt(entry)).putInt(woff.getInt(entry + 16)).putInt(at).putInt(length);
      unpack(file, woff.getInt(entry + 4), woff.getInt(entry + 8), font.slice(at, length));
      at += (length + 3) / 4 * 4;
    }
    return font.array();
  }

  private static void unpack(byte[] file, int offset, int packed, ByteBuffer table) {
    if (packed == table.capacity()) {
      table.put(file, offset, packed);
      return;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(file, offset, packed);
      if (inflater.inflate(table) != table.capacity()) {
        throw new IllegalArgumentException("a font table is cut short");
      }
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a font table is damaged", e);
    } finally {
      inflater.end();
    }
  }
}
