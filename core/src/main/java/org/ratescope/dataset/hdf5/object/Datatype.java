package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ratescope.dataset.format.DType;

/**
 * The type of a value of an array, from its full description (section IV.A.2.d): class and size
 * alone would also fit numbers of fewer bits, or floats with another exponent.
 *
 * @param element the type
 * @param order byte order of a value
 * @param width bytes of a value
 * @param text storage of a text
 */
public record Datatype(DType element, ByteOrder order, int width, Text text) {
  private static final int MOST_TEXT = 1 << 16;

  /** The storage of a text. */
  enum Text {
    NONE,
    /** Terminated by a zero. */
    ENDED,
    ZEROS,
    SPACES,
    /** In a heap of the file. */
    ANY_LENGTH
  }

  private static Datatype number(DType element, ByteOrder order) {
    return new Datatype(element, order, element.bytes(), Text.NONE);
  }

  private static Datatype text(int width, Text text) {
    return new Datatype(DType.UTF8, ByteOrder.LITTLE_ENDIAN, width, text);
  }

  private static final List<String> CLASSES =
      List.of(
          "whole numbers",
          "floats",
          "times",
          "texts",
          "bit fields",
          "opaque bytes",
          "compounds",
          "references",
          "enumerations",
          "variable-length lists",
          "arrays",
          "complex numbers");

  private static final String EXPECTED =
      "; expected whole numbers of all bits of 1, 2, 4 or 8 bytes, IEEE floats of 2, 4 or 8 bytes,"
          + " an enumeration of whole numbers, or texts";

  /** Truth values as h5py and PyTables write them: an enumeration of two members. */
  private static final Map<String, Long> BOOL = Map.of("FALSE", 0L, "TRUE", 1L);

  public static Datatype of(Hdf5File in, ByteBuffer body) throws IOException {
    int first = Byte.toUnsignedInt(body.get());
    int bits = (int) ObjectHeader.unsigned(body, 3);
    long size = Integer.toUnsignedLong(body.getInt());
    return switch (first & 0xF) {
      case 0 -> wholeNumber(in, body, bits, size);
      case 1 -> real(in, body, bits, size);
      case 3 -> fixedText(in, bits, size);
      case 9 -> anyText(in, bits, size);
      case 8 -> enumeration(in, body, first >> 4, bits);
      default -> throw refused(in, name(first & 0xF) + " of %d bytes".formatted(size));
    };
  }

  private static String name(int kind) {
    return kind < CLASSES.size() ? CLASSES.get(kind) : "type class " + kind;
  }

  private static Datatype fixedText(Hdf5File in, int bits, long size) throws IOException {
    int padding = bits & 0xF;
    if (padding > 2 || bits >> 4 > 1 || !(size >= 1 && size <= MOST_TEXT)) {
      throw refused(
          in,
          "texts of %d bytes, padding %d, character set %d; of texts, at most %d bytes are read"
              .formatted(size, padding, bits >> 4, MOST_TEXT));
    }
    return text((int) size, List.of(Text.ENDED, Text.ZEROS, Text.SPACES).get(padding));
  }

  private static Datatype anyText(Hdf5File in, int bits, long size) throws IOException {
    if ((bits & 0xF) != 1 || size != 8 + in.offsetBytes()) {
      throw refused(in, name(9) + " of %d bytes".formatted(size));
    }
    return text((int) size, Text.ANY_LENGTH);
  }

  private static IOException refused(Hdf5File in, String what) {
    return in.error("values are " + what + EXPECTED);
  }

  private static Datatype wholeNumber(Hdf5File in, ByteBuffer body, int bits, long size)
      throws IOException {
    int offset = Short.toUnsignedInt(body.getShort());
    int precision = Short.toUnsignedInt(body.getShort());
    boolean signed = (bits & 1 << 3) != 0;
    if (offset != 0 || precision != 8 * size || bits >> 4 != 0) {
      throw refused(
          in,
          "whole numbers of %d bits, from bit %d on, in %d bytes"
              .formatted(precision, offset, size));
    }
    DType element =
        switch ((int) size) {
          case 1 -> signed ? DType.INT8 : DType.UINT8;
          case 2 -> signed ? DType.INT16 : DType.UINT16;
          case 4 -> signed ? DType.INT32 : DType.UINT32;
          case 8 -> signed ? DType.INT64 : DType.UINT64;
          default -> throw refused(in, "whole numbers of %d bytes".formatted(size));
        };
    return number(element, order(bits));
  }

  private static ByteOrder order(int bits) {
    return (bits & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** How a float's bits are used. */
  private record FloatForm(
      int offset,
      int precision,
      int exponentAt,
      int exponentBits,
      int mantissaAt,
      int mantissaBits,
      long bias,
      int signAt) {
    static final FloatForm HALF = new FloatForm(0, 16, 10, 5, 0, 10, 15, 15);
    static final FloatForm SINGLE = new FloatForm(0, 32, 23, 8, 0, 23, 127, 31);
    static final FloatForm DOUBLE = new FloatForm(0, 64, 52, 11, 0, 52, 1023, 63);
  }

  private static Datatype real(Hdf5File in, ByteBuffer body, int bits, long size)
      throws IOException {
    FloatForm form =
        new FloatForm(
            Short.toUnsignedInt(body.getShort()),
            Short.toUnsignedInt(body.getShort()),
            Byte.toUnsignedInt(body.get()),
            Byte.toUnsignedInt(body.get()),
            Byte.toUnsignedInt(body.get()),
            Byte.toUnsignedInt(body.get()),
            Integer.toUnsignedLong(body.getInt()),
            bits >> 8 & 0xFF);
    boolean vax = (bits & 1 << 6) != 0;
    boolean leadingOne = (bits >> 4 & 3) == 2;
    if (!vax && leadingOne && 8 * size == form.precision()) {
      if (form.equals(FloatForm.HALF)) {
        return number(DType.FLOAT16, order(bits));
      }
      if (form.equals(FloatForm.SINGLE)) {
        return number(DType.FLOAT32, order(bits));
      }
      if (form.equals(FloatForm.DOUBLE)) {
        return number(DType.FLOAT64, order(bits));
      }
    }
    throw refused(
        in,
        "floats of %d bytes with %d bits of exponent and %d of mantissa, not in an IEEE format"
            .formatted(size, form.exponentBits(), form.mantissaBits()));
  }

  /** The numbers of an enumeration, or truth values if its members mean that. */
  private static Datatype enumeration(Hdf5File in, ByteBuffer body, int version, int bits)
      throws IOException {
    ByteBuffer base = body.slice().order(ByteOrder.LITTLE_ENDIAN);
    if ((base.get(0) & 0xF) != 0) {
      throw refused(in, "an enumeration of " + name(base.get(0) & 0xF));
    }
    Datatype numbers = of(in, base);
    body.position(body.position() + base.position());
    int count = bits & 0xFFFF;
    boolean padded = version < 3;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(memberName(body, padded));
    }
    Map<String, Long> members = new TreeMap<>();
    body.order(numbers.order());
    for (String name : names) {
      members.put(name, (long) numbers.element().get(body));
    }
    boolean truth = numbers.element().bytes() == 1 && members.equals(BOOL) && count == 2;
    return truth ? number(DType.BOOL, numbers.order()) : numbers;
  }

  private static String memberName(ByteBuffer body, boolean padded) {
    int start = body.position();
    while (body.get() != 0) {
      // continues to the zero
    }
    int length = body.position() - 1 - start;
    if (padded) {
      body.position(start + Math.ceilDiv(length + 1, 8) * 8);
    }
    return StandardCharsets.UTF_8.decode(body.slice(start, length)).toString();
  }
}
