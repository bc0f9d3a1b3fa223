package org.ratescope.figure.svg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/** A text in a PNG file, which programs that draw it ignore (tEXt, PNG specification 11.3.4.3). */
public final class PngText {
  private static final int HEAD = 8 + 12 + 13; // signature, and the first chunk, IHDR
  private static final int TEXT = 0x74455874;

  private PngText() {}

  /** The file with a text after its head; both are ISO 8859-1, the key has 1 to 79 letters. */
  public static byte[] with(byte[] png, String key, String text) {
    byte[] content = (key + "\0" + text).getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer chunk = ByteBuffer.allocate(12 + content.length);
    chunk.putInt(content.length).putInt(TEXT).put(content);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + content.length);
    chunk.putInt((int) crc.getValue());
    return ByteBuffer.allocate(png.length + chunk.capacity())
        .put(png, 0, HEAD)
        .put(chunk.array())
        .put(png, HEAD, png.length - HEAD)
        .array();
  }

  /** The text of that key in a PNG file, if there is one. */
  public static Optional<String> of(byte[] png, String key) {
    ByteBuffer file = ByteBuffer.wrap(png);
    int at = 8;
    while (at + 12 <= png.length) {
      int length = file.getInt(at);
      if (file.getInt(at + 4) == TEXT) {
        String content = new String(png, at + 8, length, StandardCharsets.ISO_8859_1);
        if (content.startsWith(key + "\0")) {
          return Optional.of(content.substring(key.length() + 1));
        }
      }
      at += 12 + length;
    }
    return Optional.empty();
  }
}
