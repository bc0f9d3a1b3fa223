package org.ratescope.model.safetensors;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Bytes of safetensors files, written by hand and without the code that is tested. */
public final class SafetensorsText {
  private static final String ZEROS = "crc32:00000000";

  private SafetensorsText() {}

  /** A file with that header, whatever it says. */
  public static byte[] file(String header, byte[] values) {
    return file(header.getBytes(StandardCharsets.UTF_8), values);
  }

  /** The same for a header of any bytes. */
  public static byte[] file(byte[] header, byte[] values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
    out.writeBytes(header);
    out.writeBytes(values);
    return out.toByteArray();
  }

  /** A file whose header has {@code crc32:00000000} once: the digits of the right checksum. */
  public static byte[] withChecksum(String header, byte[] values) {
    CRC32 crc = new CRC32();
    crc.update(file(header, values));
    return file(header.replace(ZEROS, "crc32:%08x".formatted(crc.getValue())), values);
  }

  /** The header of a file. */
  public static String header(byte[] file) {
    return new String(file, 8, headerLength(file), StandardCharsets.UTF_8);
  }

  /** The bytes after the header of a file. */
  public static byte[] values(byte[] file) {
    return java.util.Arrays.copyOfRange(file, 8 + headerLength(file), file.length);
  }

  private static int headerLength(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
  }
}
