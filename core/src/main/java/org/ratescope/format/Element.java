package org.ratescope.format;

import java.nio.ByteBuffer;

/** What one value of an array is. */
public enum Element {
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
  };

  private final int bytes;
  private final String text;

  Element(int bytes, String text) {
    this.bytes = bytes;
    this.text = text;
  }

  /** Reads the next value of a buffer of the right byte order. */
  public abstract double get(ByteBuffer bytes);

  /** Bytes of a value. */
  public int bytes() {
    return bytes;
  }

  /** NumPy's name. */
  public String text() {
    return text;
  }
}
