package org.ratescope.model.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The checksum of a whole file in its own metadata: {@code "ratescope.checksum":"crc32:1a2b3c4d"},
 * the CRC-32 of all bytes of the file, header included, where these eight digits stand as zeros.
 *
 * <p>Earlier versions wrote {@code ratescope.crc32}, the CRC-32 of the bytes after the header, or
 * no checksum at all.
 */
public final class FileChecksum {
  /** The key in the metadata. */
  public static final String KEY = "ratescope.checksum";

  /** The key of earlier versions. */
  public static final String VALUES_KEY = "ratescope.crc32";

  private static final String PREFIX = "crc32:";
  private static final int DIGITS = 8;

  /** The value in the metadata before the checksum is known. */
  public static final String PLACEHOLDER = PREFIX + "0".repeat(DIGITS);

  private static final int BUFFER = 1 << 20;

  private final CRC32 crc = new CRC32();
  private final int place;

  private FileChecksum(byte[] head, int place) {
    this.place = place;
    if (place >= 0) {
      crc.update(head, 0, place);
      crc.update("0".repeat(DIGITS).getBytes(StandardCharsets.US_ASCII));
      crc.update(head, place + DIGITS, head.length - place - DIGITS);
    }
  }

  /**
   * A checksum that begins with the first bytes of a file, whose metadata has the {@link
   * #PLACEHOLDER}.
   */
  public static FileChecksum of(byte[] head) {
    return new FileChecksum(head, place(head, PLACEHOLDER));
  }

  /** Adds the bytes that follow. */
  public void update(ByteBuffer bytes) {
    crc.update(bytes);
  }

  /** Where in the file the digits belong. */
  public int place() {
    return place;
  }

  /** 8 hexadecimal digits. */
  public ByteBuffer digits() {
    return ByteBuffer.wrap(text().getBytes(StandardCharsets.US_ASCII));
  }

  private String text() {
    return HexFormat.of().toHexDigits(crc.getValue(), DIGITS);
  }

  /** Where the digits of that value stand among the first bytes of a file, or -1. */
  private static int place(byte[] head, String value) {
    byte[] wanted = "\"%s\":\"%s\"".formatted(KEY, value).getBytes(StandardCharsets.UTF_8);
    int found = -1;
    for (int at = 0; at <= head.length - wanted.length; at++) {
      if (Arrays.equals(head, at, at + wanted.length, wanted, 0, wanted.length)) {
        if (found >= 0) {
          return -1;
        }
        found = at;
      }
    }
    return found < 0 ? -1 : found + wanted.length - 1 - DIGITS;
  }

  /**
   * What is wrong with a file, or null where its checksum is right or where it has none.
   *
   * @param head the first bytes: length and header
   * @param in the file, at the first byte after them
   */
  static @Nullable String mismatch(byte[] head, Map<String, String> metadata, FileChannel in)
      throws IOException {
    String kept = metadata.get(KEY);
    String keptOfValues = metadata.get(VALUES_KEY);
    if (kept == null) {
      return keptOfValues == null
          ? null
          : compared(new FileChecksum(head, -1).all(in), keptOfValues);
    }
    int place = place(head, kept);
    if (place < 0 || kept.length() != PREFIX.length() + DIGITS || !kept.startsWith(PREFIX)) {
      return "the checksum does not have the form that this version writes";
    }
    return compared(new FileChecksum(head, place).all(in), kept.substring(PREFIX.length()));
  }

  private FileChecksum all(FileChannel in) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.clamp(in.size() - in.position(), 1, BUFFER));
    while (in.read(buffer.clear()) >= 0) {
      crc.update(buffer.flip());
    }
    return this;
  }

  private static @Nullable String compared(FileChecksum found, String kept) {
    return found.text().equals(kept)
        ? null
        : "the checksum is %s; expected %s, as the file says"
            .formatted(found.text(), HeaderParser.shown(kept));
  }
}
