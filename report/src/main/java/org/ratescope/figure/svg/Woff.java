package org.ratescope.figure.svg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * One font file in WOFF 1.0 form (W3C Recommendation, 13 December 2012) with TrueType outlines
 * (OpenType tables cmap, glyf, head, hhea, hmtx, loca). Reading it here, not through java.awt,
 * makes text come out the same on every machine, also on one without any installed font.
 */
final class Woff {
  private static final int SIGNATURE = 0x774F4646;
  private static final int HEADER = 44;
  private static final int ENTRY = 20;

  private final Map<String, ByteBuffer> tables = new HashMap<>();
  private final Map<Integer, Integer> glyphs = new HashMap<>();
  private final int unitsPerEm;
  private final boolean longOffsets;
  private final int advances;

  Woff(byte[] file) {
    ByteBuffer buffer = ByteBuffer.wrap(file);
    if (buffer.getInt(0) != SIGNATURE) {
      throw new IllegalArgumentException("a font must be in WOFF 1.0 form");
    }
    int count = Short.toUnsignedInt(buffer.getShort(12));
    for (int t = 0; t < count; t++) {
      readTable(file, buffer, HEADER + t * ENTRY);
    }
    unitsPerEm = unsigned(table("head"), 18);
    longOffsets = table("head").getShort(50) == 1;
    advances = unsigned(table("hhea"), 34);
    readCharacters(table("cmap"));
  }

  private void readTable(byte[] file, ByteBuffer directory, int entry) {
    String tag = new String(file, entry, 4, StandardCharsets.US_ASCII);
    int offset = directory.getInt(entry + 4);
    int packed = directory.getInt(entry + 8);
    byte[] bytes = new byte[directory.getInt(entry + 12)];
    if (packed == bytes.length) {
      System.arraycopy(file, offset, bytes, 0, packed);
    } else {
      inflate(file, offset, packed, bytes);
    }
    tables.put(tag, ByteBuffer.wrap(bytes));
  }

  private static void inflate(byte[] file, int offset, int packed, byte[] into) {
    try (Closing closing = new Closing(new Inflater())) {
      closing.inflater.setInput(file, offset, packed);
      int length = closing.inflater.inflate(into);
      if (length != into.length) {
        throw new IllegalArgumentException("a font table is cut short");
      }
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a font table is damaged", e);
    }
  }

  private record Closing(Inflater inflater) implements AutoCloseable {
    @Override
    public void close() {
      inflater.end();
    }
  }

  private ByteBuffer table(String tag) {
    ByteBuffer table = tables.get(tag);
    if (table == null) {
      throw new IllegalArgumentException("the font lacks its table " + tag);
    }
    return table;
  }

  private static int unsigned(ByteBuffer table, int at) {
    return Short.toUnsignedInt(table.getShort(at));
  }

  /** Reads the subtables of format 4, which cover the Basic Multilingual Plane. */
  private void readCharacters(ByteBuffer cmap) {
    for (int s = 0; s < unsigned(cmap, 2); s++) {
      int at = cmap.getInt(4 + 8 * s + 4);
      if (unsigned(cmap, at) == 4) {
        readSegments(cmap, at);
      }
    }
  }

  private void readSegments(ByteBuffer cmap, int at) {
    int doubled = unsigned(cmap, at + 6);
    for (int s = 0; s < doubled; s += 2) {
      int end = unsigned(cmap, at + 14 + s);
      int start = unsigned(cmap, at + 16 + doubled + s);
      int delta = unsigned(cmap, at + 16 + 2 * doubled + s);
      int rangeAt = at + 16 + 3 * doubled + s;
      int range = unsigned(cmap, rangeAt);
      for (int c = start; c <= end && c != 0xFFFF; c++) {
        int glyph = range == 0 ? c : unsigned(cmap, rangeAt + range + 2 * (c - start));
        if (glyph != 0) {
          glyphs.put(c, (glyph + delta) & 0xFFFF);
        }
      }
    }
  }

  /** Whether the font has a glyph for the character. */
  boolean has(int character) {
    return glyphs.containsKey(character);
  }

  /** Width of a character in units of the font size; of the font's box for what it lacks. */
  double advance(int character) {
    int glyph = Math.min(glyphs.getOrDefault(character, 0), advances - 1);
    return (double) unsigned(table("hmtx"), 4 * glyph) / unitsPerEm;
  }

  /** The outline of a character as SVG path data, its baseline starting at (x, y). */
  String outline(int character, double x, double y, double size) {
    double scale = size / unitsPerEm;
    Glyph.Place place = new Glyph.Place(scale, 0, 0, -scale, x, y);
    StringBuilder path = new StringBuilder();
    draw(glyphs.getOrDefault(character, 0), place, path);
    return path.toString();
  }

  private void draw(int glyph, Glyph.Place place, StringBuilder path) {
    ByteBuffer loca = table("loca");
    int from = longOffsets ? loca.getInt(4 * glyph) : 2 * unsigned(loca, 2 * glyph);
    int to = longOffsets ? loca.getInt(4 * glyph + 4) : 2 * unsigned(loca, 2 * glyph + 2);
    if (to > from) {
      ByteBuffer outline = table("glyf").slice(from, to - from);
      if (outline.getShort(0) >= 0) {
        Glyph.simple(outline, place, path);
      } else {
        Glyph.parts(outline, place, (part, where) -> draw(part, where, path));
      }
    }
  }
}
