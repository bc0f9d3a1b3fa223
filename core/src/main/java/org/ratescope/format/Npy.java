package org.ratescope.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's array form {@code .npy}, versions 1 to 3, C order, of booleans, whole numbers and floats.
 * Source: numpy.lib.format.
 */
public final class Npy {
  static final String TYPES = "bool, int8 to int64, uint8 to uint32, float32, float64";

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int HEADER_LIMIT = 1 << 20;
  private static final int MAX_DIMENSIONS = 8;
  private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");

  private Npy() {}

  /**
   * Reads the header.
   *
   * @throws FormatException if the file is no such array, or cannot hold what it promises
   */
  public static StoredArray open(Path file) throws IOException {
    return open(ByteSource.of(file));
  }

  static StoredArray open(ByteSource source) throws IOException {
    String where = source.where();
    try (ByteReader reader = source.open()) {
      ByteBuffer intro = reader.next(8, ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < MAGIC.length; i++) {
        FormatException.require(
            intro.get(i) == MAGIC[i],
            where,
            "no .npy file: the magic bytes at offset 0 are missing");
      }
      int major = intro.get(6);
      FormatException.require(
          major >= 1 && major <= 3, where, "format version %d, allowed: 1, 2, 3".formatted(major));
      ByteBuffer length = reader.next(major == 1 ? 2 : 4, ByteOrder.LITTLE_ENDIAN);
      long bytes = major == 1 ? length.getShort() & 0xFFFF : length.getInt() & 0xFFFFFFFFL;
      FormatException.require(
          bytes <= HEADER_LIMIT,
          where,
          "header of %d bytes at offset 8, allowed: at most %d".formatted(bytes, HEADER_LIMIT));
      ByteBuffer header = reader.next((int) bytes, ByteOrder.LITTLE_ENDIAN);
      String text = StandardCharsets.ISO_8859_1.decode(header).toString();
      return parsed(source, text, reader.offset());
    }
  }

  private static StoredArray parsed(ByteSource source, String header, long start)
      throws FormatException {
    String where = source.where();
    String type = field(where, header, TYPE, "descr");
    List<Long> shape = shape(where, field(where, header, SHAPE, "shape"));
    boolean ordered = field(where, header, ORDER, "fortran_order").equals("False");
    FormatException.require(
        ordered, where, "Fortran order, required: C order (numpy.ascontiguousarray)");
    ByteOrder order = type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return StreamedArray.of(source, start, element(where, type), order, shape);
  }

  private static Element element(String where, String type) throws FormatException {
    return switch (type.isEmpty() ? "" : type.substring(1)) {
      case "b1" -> Element.BOOL;
      case "u1" -> Element.UINT8;
      case "i1" -> Element.INT8;
      case "u2" -> Element.UINT16;
      case "i2" -> Element.INT16;
      case "u4" -> Element.UINT32;
      case "i4" -> Element.INT32;
      case "i8" -> Element.INT64;
      case "f4" -> Element.FLOAT32;
      case "f8" -> Element.FLOAT64;
      default -> throw new FormatException(where, "dtype '%s', allowed: %s".formatted(type, TYPES));
    };
  }

  private static List<Long> shape(String where, String sizes) throws FormatException {
    List<Long> shape = new ArrayList<>();
    for (String part : sizes.split(",", -1)) {
      if (!part.isBlank()) {
        shape.add(number(where, part.strip()));
      }
    }
    FormatException.require(
        !shape.isEmpty() && shape.size() <= MAX_DIMENSIONS,
        where,
        "%d dimensions, allowed: 1 to %d".formatted(shape.size(), MAX_DIMENSIONS));
    return shape;
  }

  private static String field(String where, String header, Pattern pattern, String name)
      throws FormatException {
    Matcher matcher = pattern.matcher(header);
    FormatException.require(
        matcher.find(), where, "the header has no valid %s: %s".formatted(name, shown(header)));
    return matcher.group(1);
  }

  /** A header as one short line. */
  private static String shown(String header) {
    String line = header.strip().replaceAll("[^ -~]", "?");
    return line.length() <= 200 ? line : line.substring(0, 200) + "...";
  }

  private static long number(String where, String text) throws FormatException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new FormatException(
          where, "size '%s' in the shape is no number".formatted(shown(text)), e);
    }
  }
}
