package org.ratescope.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The checksum in the metadata of a weights file, {@code ratescope.crc32}: the CRC-32 of all bytes
 * after the header. Read without libtorch.
 */
final class WeightsChecksum {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int HEADER_LIMIT = 100 << 20;

  private WeightsChecksum() {}

  /**
   * Checks a file; one of an older version has no checksum, and its length is checked alone.
   *
   * @throws IOException if it is damaged, saying how
   */
  static void check(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      long headerBytes = read(in, 8).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
      if (!(headerBytes > 0 && headerBytes <= Math.min(HEADER_LIMIT, in.size() - 8))) {
        throw new IOException("its header of %d bytes does not fit".formatted(headerBytes));
      }
      JsonNode header = MAPPER.readTree(read(in, (int) headerBytes).array());
      long end = 0;
      for (JsonNode tensor : header) {
        end = Math.max(end, tensor.path("data_offsets").path(1).asLong(0));
      }
      if (in.size() != 8 + headerBytes + end) {
        throw new IOException(
            "it has %d bytes, required: %d".formatted(in.size(), 8 + headerBytes + end));
      }
      requireSame(header.path("__metadata__").path("ratescope.crc32").asText(""), in);
    } catch (IOException e) {
      throw new IOException("%s is damaged: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void requireSame(String kept, FileChannel in) throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (in.read(buffer.clear()) >= 0) {
      crc.update(buffer.flip());
    }
    String found = HexFormat.of().toHexDigits(crc.getValue(), 8);
    if (!kept.isEmpty() && !kept.equals(found)) {
      throw new IOException("the checksum is %s, required: %s".formatted(found, kept));
    }
  }

  private static ByteBuffer read(FileChannel in, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (in.read(buffer) < 0) {
        throw new IOException("it is cut short at byte " + in.size());
      }
    }
    return buffer.flip();
  }
}
