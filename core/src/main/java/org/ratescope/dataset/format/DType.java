package org.ratescope.dataset.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;

/** The type of a value of an array. */
public enum DType {
  UINT8(1, "uint8") {
    @Override
    public double get(ByteBuffer bytes) {
      return Byte.toUnsignedInt(bytes.get());
    }
  },
  INT8(1, "int8") {
    @Override
    public double get(ByteBuffer bytes) {
      return bytes.get();
    }
  },
  /** One byte, 0 or 1. */
  BOOL(1, "bool") {
    @Override
    public double get(ByteBuffer bytes) {
      return bytes.get() == 0 ? 0 : 1;
    }
  },
  UINT16(2, "uint16") {
    @Override
    public double get(ByteBuffer bytes) {
      return Short.toUnsignedInt(bytes.getShort());
    }
  },
  INT16(2, "int16") {
    @Override
    public double get(ByteBuffer bytes) {
      return bytes.getShort();
    }
  },
  UINT32(4, "uint32") {
    @Override
    public double get(ByteBuffer bytes) {
      return Integer.toUnsignedLong(bytes.getInt());
    }
  },
  INT32(4, "int32") {
    @Override
    public double get(ByteBuffer bytes) {
      return bytes.getInt();
    }
  },
  INT64(8, "int64") {
    @Override
    public double get(ByteBuffer bytes) {
      return bytes.getLong();
    }

    @Override
    String text(ByteBuffer bytes) {
      return Long.toString(bytes.getLong());
    }
  },
  UINT64(8, "uint64") {
    @Override
    public double get(ByteBuffer bytes) {
      long value = bytes.getLong();
      double half = (value >>> 1) | (value & 1); // the last bit decides how a tie is rounded
      return value >= 0 ? value : 2 * half;
    }

    @Override
    String text(ByteBuffer bytes) {
      return Long.toUnsignedString(bytes.getLong());
    }
  },
  FLOAT16(2, "float16") {
    @Override
    public double get(ByteBuffer bytes) {
      return Float.float16ToFloat(bytes.getShort());
    }
  },
  FLOAT32(4, "float32") {
    @Override
    public double get(ByteBuffer bytes) {
      return bytes.getFloat();
    }
  },
  FLOAT64(8, "float64") {
    @Override
    public double get(ByteBuffer bytes) {
      return bytes.getDouble();
    }
  },
  /** A text of a fixed number of 32-bit code points, padded with zeros: NumPy's {@code <U}. */
  UTF32(4, "str") {
    @Override
    String text(ByteBuffer bytes) throws CharacterCodingException {
      StringBuilder text = new StringBuilder();
      int filled = 0;
      while (bytes.remaining() >= 4) {
        int point = bytes.getInt();
        if (!Character.isValidCodePoint(point)
            || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
          throw new MalformedInputException(bytes.position());
        }
        text.appendCodePoint(point);
        filled = point == 0 ? filled : text.length();
      }
      return text.substring(0, filled);
    }
  },
  /** A text of a fixed number of bytes in UTF-8, padded with zeros: NumPy's {@code |S}. */
  UTF8(1, "bytes") {
    @Override
    String text(ByteBuffer bytes) throws CharacterCodingException {
      int end = bytes.limit();
      while (end > bytes.position() && bytes.get(end - 1) == 0) {
        end--;
      }
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.limit(end)).toString();
    }
  };

  private final int bytes;
  private final String text;

  DType(int bytes, String text) {
    this.bytes = bytes;
    this.text = text;
  }

  /**
   * Reads the next value of a buffer of the right byte order.
   *
   * @throws UnsupportedOperationException if it is a text
   */
  public double get(ByteBuffer bytes) {
    throw new UnsupportedOperationException(text + " is not a number");
  }

  /**
   * The only value of a buffer of the right byte order, exactly: whole numbers with all their
   * digits.
   *
   * @throws CharacterCodingException if its bytes are not a text
   */
  String text(ByteBuffer bytes) throws CharacterCodingException {
    return Double.toString(get(bytes));
  }

  /** Whether a value is a text, not a number. */
  public boolean isText() {
    return this == UTF32 || this == UTF8;
  }

  /** Whether a value may be a whole number that a double cannot represent exactly. */
  public boolean exceedsDouble() {
    return this == INT64 || this == UINT64;
  }

  /** Bytes of a number, or of one character of a text. */
  public int bytes() {
    return bytes;
  }

  /** NumPy's name. */
  public String text() {
    return text;
  }
}
