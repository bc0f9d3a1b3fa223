package org.ratescope.model.safetensors;

/** The floating-point formats that are read, under the names of the file format. */
public enum FloatType {
  F16(2),
  BF16(2),
  F32(4),
  F64(8);

  private final int bytes;

  FloatType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a value. */
  public int bytes() {
    return bytes;
  }
}
