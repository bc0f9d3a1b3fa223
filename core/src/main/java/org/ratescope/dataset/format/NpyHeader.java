package org.ratescope.dataset.format;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header text of an {@code .npy} array: a Python dictionary of exactly {@code descr}, {@code
 * fortran_order} and {@code shape}, in any order. Source: numpy.lib.format.
 *
 * @param element type of a value
 * @param width bytes of a value
 * @param order byte order of a value
 * @param shape size of each dimension
 */
record NpyHeader(DType element, int width, ByteOrder order, List<Long> shape) {
  static final String TYPES =
      "bool, int8 to int64, uint8 to uint64, float16 to float64, and for labels texts (U, S)";

  private static final int MAX_DIMENSIONS = 8;
  private static final int MAX_CHARACTERS = 1024;
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\G\\s*['\"](descr|fortran_order|shape)['\"]\\s*:\\s*"
              + "('[^']*'|\"[^\"]*\"|True|False|\\([^()]*\\)|\\[.*\\])\\s*(?:,|(?=\\}))",
          Pattern.DOTALL);
  private static final Pattern TYPE = Pattern.compile("([<>|=]?)([A-Za-z?])([0-9]{0,9})");

  /**
   * Parses the dictionary.
   *
   * @throws FormatException if the text is not such a dictionary, or the array is not supported
   */
  static NpyHeader parse(String where, String header) throws FormatException {
    Map<String, String> fields = fields(where, header);
    List<Long> shape = shape(where, field(where, header, fields, "shape", '('));
    String type = field(where, header, fields, "descr", '\'', '"', '[');
    boolean fortran = field(where, header, fields, "fortran_order", 'T', 'F').equals("True");
    FormatException.require(
        !fortran || shape.stream().filter(size -> size > 1).count() <= 1,
        where,
        "Fortran order; expected C order (numpy.ascontiguousarray)");
    FormatException.require(
        !type.startsWith("["),
        where,
        "a structured dtype %s; expected one number or text for each value: save one field of it, as in"
                .formatted(shown(type))
            + " numpy.save(file, a['field'])");
    return of(where, type.substring(1, type.length() - 1), shape);
  }

  private static NpyHeader of(String where, String type, List<Long> shape) throws FormatException {
    Matcher parts = TYPE.matcher(type);
    FormatException.require(parts.matches(), where, refusal(type));
    ByteOrder order = parts.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    FormatException.require(
        !parts.group(2).equals("O"),
        where,
        "an array of Python objects, which are pickled and not read; expected numbers or texts:"
            + " save a.astype('float32') or a.astype(str)");
    if (parts.group(2).matches("[USa]")) {
      DType element = parts.group(2).equals("U") ? DType.UTF32 : DType.UTF8;
      int characters = parts.group(3).isEmpty() ? 0 : Integer.parseInt(parts.group(3));
      FormatException.require(
          characters >= 1 && characters <= MAX_CHARACTERS,
          where,
          "texts of %d characters; expected 1 to %d".formatted(characters, MAX_CHARACTERS));
      return new NpyHeader(element, characters * element.bytes(), order, shape);
    }
    DType element = number(where, parts.group(2) + parts.group(3), type);
    return new NpyHeader(element, element.bytes(), order, shape);
  }

  private static DType number(String where, String name, String type) throws FormatException {
    return switch (name) {
      case "b1", "?" -> DType.BOOL;
      case "u1" -> DType.UINT8;
      case "i1" -> DType.INT8;
      case "u2" -> DType.UINT16;
      case "i2" -> DType.INT16;
      case "u4" -> DType.UINT32;
      case "i4" -> DType.INT32;
      case "u8" -> DType.UINT64;
      case "i8" -> DType.INT64;
      case "f2" -> DType.FLOAT16;
      case "f4" -> DType.FLOAT32;
      case "f8" -> DType.FLOAT64;
      default -> throw new FormatException(where, refusal(type));
    };
  }

  private static String refusal(String type) {
    return "dtype '%s'; expected %s".formatted(shown(type), TYPES);
  }

  private static Map<String, String> fields(String where, String header) throws FormatException {
    String dictionary = header.strip();
    Map<String, String> fields = new HashMap<>();
    if (!dictionary.startsWith("{")) {
      return fields;
    }
    int end = 1;
    Matcher entries = ENTRY.matcher(dictionary).region(1, dictionary.length());
    while (entries.find()) {
      String before = fields.put(entries.group(1), entries.group(2));
      FormatException.require(
          before == null,
          where,
          "the header has two %s: %s".formatted(entries.group(1), shown(header)));
      end = entries.end();
    }
    FormatException.require(
        fields.size() < 3 || dictionary.substring(end).strip().equals("}"),
        where,
        "the header does not end after descr, fortran_order and shape: " + shown(header));
    return fields;
  }

  /** A field whose value begins with one of those characters. */
  private static String field(
      String where, String header, Map<String, String> fields, String name, char... first)
      throws FormatException {
    String value = fields.getOrDefault(name, "");
    FormatException.require(
        !value.isEmpty() && new String(first).indexOf(value.charAt(0)) >= 0,
        where,
        "the header has no valid %s: %s".formatted(name, shown(header)));
    return value;
  }

  private static List<Long> shape(String where, String tuple) throws FormatException {
    List<Long> shape = new ArrayList<>();
    for (String part : tuple.substring(1, tuple.length() - 1).split(",", -1)) {
      if (!part.isBlank()) {
        shape.add(size(where, part.strip().replaceFirst("L$", ""))); // Python 2 wrote 10L
      }
    }
    FormatException.require(
        !shape.isEmpty() && shape.size() <= MAX_DIMENSIONS,
        where,
        "%d dimensions; expected 1 to %d".formatted(shape.size(), MAX_DIMENSIONS));
    return List.copyOf(shape);
  }

  private static long size(String where, String text) throws FormatException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new FormatException(
          where, "size '%s' in the shape is not a number".formatted(shown(text)), e);
    }
  }

  /** A part of a header as one short line, for messages. */
  private static String shown(String text) {
    String line = text.strip().replaceAll("[^ -~]", "?");
    return line.length() <= 200 ? line : line.substring(0, 200) + "...";
  }
}
