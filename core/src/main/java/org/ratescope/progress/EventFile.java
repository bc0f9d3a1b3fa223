package org.ratescope.progress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.ratescope.io.ProtobufWriter;

/**
 * A TensorBoard event file: TFRecords, each holding one event. A record is the length of its data
 * (8 bytes, little-endian), the masked CRC-32C of these 8 bytes (4 bytes), the data, and the masked
 * CRC-32C of the data. The file is open only while it is written to, since a sweep has thousands.
 */
final class EventFile {
  private static final int MASK_DELTA = 0xa282ead8;

  private final Path file;
  private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();

  EventFile(Path file) {
    this.file = file;
  }

  /** Appends an event, in memory until {@link #flush}. */
  void add(ProtobufWriter event) {
    unwritten.writeBytes(record(event.bytes()));
  }

  /** Bytes that wait to be written. */
  int waiting() {
    return unwritten.size();
  }

  /** Writes what waits to the end of the file; folders are made when needed. */
  void flush() throws IOException {
    if (unwritten.size() > 0) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(
          file, unwritten.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      unwritten.reset();
    }
  }

  /** The record that holds the data. */
  static byte[] record(byte[] data) {
    byte[] length = little(Long.BYTES).putLong(data.length).array();
    return little(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
        .put(length)
        .putInt(masked(length))
        .put(data)
        .putInt(masked(data))
        .array();
  }

  /** The CRC-32C, turned by 15 bits and shifted by a constant, as TensorFlow stores it. */
  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
