package org.ratescope.dataset;

import java.nio.ByteBuffer;

/** How cached images store a value in [0, 1]. */
public enum PixelType {
  /** Unchanged: float32, little-endian. */
  FLOAT32(Float.BYTES, "images.f32", "float32 little-endian") {
    @Override
    public void read(ByteBuffer values, float[] into) {
      values.asFloatBuffer().get(into);
    }
  },
  /** In 8 bits: a whole number n from 0 to 255 that stands for n / 255. */
  UINT8(Byte.BYTES, "images.u8", "uint8, 255 is 1") {
    @Override
    public void read(ByteBuffer values, float[] into) {
      for (int i = 0; i < into.length; i++) {
        into[i] = Byte.toUnsignedInt(values.get(values.position() + i)) / 255f;
      }
    }
  };

  private final int bytes;
  private final String fileName;
  private final String text;

  PixelType(int bytes, String fileName, String text) {
    this.bytes = bytes;
    this.fileName = fileName;
    this.text = text;
  }

  /** Reads the values at the position of a little-endian buffer, without changing the position. */
  public abstract void read(ByteBuffer values, float[] into);

  /** Bytes of a value. */
  public int bytes() {
    return bytes;
  }

  /** Name of the file with the images. */
  public String fileName() {
    return fileName;
  }

  /** The name in {@code meta.json}. */
  public String text() {
    return text;
  }
}
