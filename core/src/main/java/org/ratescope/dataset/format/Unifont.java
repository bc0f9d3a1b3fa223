package org.ratescope.dataset.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code .hex} format of GNU Unifont, plain or gzipped: a text with a line {@code CODE:DIGITS}
 * for each glyph. CODE is its code point. DIGITS are the rows of its bitmap from the top, 16 rows
 * of 8, 16, 24 or 32 pixels, with the left pixel in the highest bit; a set bit is ink. The code
 * points are in any order. Source: the section "Hex File Format" of Unifont's manual.
 *
 * <p>An array is named by a range of code points, {@code AC00..D7A3}: bool [N, 16, WIDTH], a glyph
 * for each code point. A range with the lengths of axes, {@code AC00..D7A3/19x21x28}, names the
 * labels of these glyphs: int32 [N, 3], the positions in a grid in which the last axis changes
 * fastest.
 */
public final class Unifont {
  /** What the name of an array can be, for messages. */
  public static final String KEY =
      "FIRST..LAST, two code points of 4 to 6 hexadecimal digits, or for labels"
          + " FIRST..LAST/AxBxC with A·B·C code points";

  private static final Pattern KEYS =
      Pattern.compile(
          "([0-9A-Fa-f]{4,6})\\.\\.([0-9A-Fa-f]{4,6})(?:/([1-9]\\d{0,5}(?:x[1-9]\\d{0,5}){0,7}))?");

  private static final Pattern LINE =
      Pattern.compile("([0-9A-Fa-f]{4,6}):((?:[0-9A-Fa-f]{32}){1,4})");

  private static final byte[] NONE = {};
  private static final int ROWS = 16;
  private static final int LONGEST = 6 + 1 + 4 * 32;

  private final ByteSource source;
  private final int first;
  private final int count; // code points
  private final Map<Integer, byte[]> glyphs = new HashMap<>(); // by position in the range
  private int bytes; // of a glyph
  private int shaped; // the line that fixed the number of bytes

  private Unifont(ByteSource source, int first, int count) {
    this.source = source;
    this.first = first;
    this.count = count;
  }

  /**
   * Reads a file.
   *
   * @param key the array, as above
   * @throws FormatException if the file does not have this form, lacks a code point, or has glyphs
   *     of several widths in the range; the message names the line or the code point
   */
  public static StoredArray open(Path file, String key) throws IOException {
    ByteSource source = ByteSource.of(file);
    Matcher range = KEYS.matcher(key);
    FormatException.require(
        range.matches(), source.where(), "key %s; expected %s".formatted(key, KEY));
    int first = Integer.parseInt(range.group(1), 16);
    int last = Integer.parseInt(range.group(2), 16);
    FormatException.require(
        first <= last && last <= Character.MAX_CODE_POINT,
        source.where(),
        "key %s; expected code points in increasing order, at most 10FFFF".formatted(key));
    String where = "%s (%s)".formatted(source.where(), key);
    if (range.group(3) != null) {
      return labels(where, last - first + 1, range.group(3).split("x"));
    }
    Unifont font = new Unifont(source, first, last - first + 1);
    font.read();
    return font.images(where);
  }

  private static StoredArray labels(String where, int count, String[] axes) throws FormatException {
    int[] sizes = new int[axes.length];
    long product = 1;
    for (int a = 0; a < axes.length; a++) {
      sizes[a] = Integer.parseInt(axes[a]);
      product *= product > count ? 1 : sizes[a];
    }
    FormatException.require(
        product == count,
        where,
        "the product of the axes is %s; expected %s, the number of code points"
            .formatted(product > count ? "larger" : product, count));
    byte[] values = new byte[Math.multiplyExact(count, sizes.length) * Integer.BYTES];
    IntBuffer into = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    for (int i = 0; i < count; i++) {
      int rest = i;
      for (int a = sizes.length - 1; a >= 0; a--) {
        into.put(i * sizes.length + a, rest % sizes[a]);
        rest /= sizes[a];
      }
    }
    return new InMemory(where, DType.INT32, List.of((long) count, (long) sizes.length), values);
  }

  private void read() throws IOException {
    try (InputStream in = source.opener().open()) {
      byte[] line = new byte[LONGEST + 1];
      int length = 0;
      int number = 1;
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          put(line, length, number++);
          length = 0;
        } else {
          FormatException.require(
              length < line.length,
              source.where(),
              "line %d has more than %d characters; expected CODE:DIGITS"
                  .formatted(number, line.length));
          line[length++] = (byte) next;
        }
      }
      put(line, length, number);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException(source.where(), "damaged: " + e.getMessage(), e);
    }
  }

  /** Keeps the glyph of a line if it is in the range. Empty lines are allowed. */
  private void put(byte[] bytesOfLine, int length, int number) throws FormatException {
    String line = new String(bytesOfLine, 0, length, StandardCharsets.ISO_8859_1).strip();
    if (line.isEmpty()) {
      return;
    }
    Matcher parts = LINE.matcher(line);
    FormatException.require(
        parts.matches(),
        source.where(),
        "line %d is not a glyph; expected CODE:DIGITS with 4 to 6 and 32, 64, 96 or 128 hexadecimal digits"
            .formatted(number));
    int index = Integer.parseInt(parts.group(1), 16) - first;
    if (index < 0 || index >= count) {
      return;
    }
    byte[] glyph = HexFormat.of().parseHex(parts.group(2));
    bytes = bytes == 0 ? glyph.length : bytes;
    shaped = shaped == 0 ? number : shaped;
    FormatException.require(
        glyph.length == bytes,
        source.where(),
        "line %d: U+%04X has %d pixels in a row; expected %d, as in line %d"
            .formatted(number, first + index, glyph.length / 2, bytes / 2, shaped));
    FormatException.require(
        !glyphs.containsKey(index),
        source.where(),
        "line %d: U+%04X for the second time".formatted(number, first + index));
    glyphs.put(index, glyph);
  }

  private StoredArray images(String where) throws FormatException {
    byte[] pixels = new byte[0];
    for (int i = 0; i < count; i++) {
      byte[] glyph = glyphs.getOrDefault(i, NONE);
      FormatException.require(glyph.length > 0, where, "no glyph of U+%04X".formatted(first + i));
      pixels = pixels.length == 0 ? new byte[count * bytes * Byte.SIZE] : pixels;
      for (int p = 0; p < bytes * Byte.SIZE; p++) {
        int bit = Byte.SIZE - 1 - p % Byte.SIZE;
        pixels[i * bytes * Byte.SIZE + p] = (byte) (glyph[p / Byte.SIZE] >> bit & 1);
      }
    }
    List<Long> shape = List.of((long) count, (long) ROWS, (long) bytes * Byte.SIZE / ROWS);
    return new InMemory(where, DType.BOOL, shape, pixels);
  }

  /** Values in memory. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  private record InMemory(String where, DType element, List<Long> shape, byte[] content)
      implements StoredArray {
    @Override
    public ByteOrder order() {
      return ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public ArrayReader open() {
      return new MemoryReader(content);
    }
  }
}
