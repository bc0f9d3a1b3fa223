package org.ratescope.dataset.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * ZIP files of stored members, written byte by byte so that tests know all offsets: like Python's
 * {@code zipfile}, in plain form or with all sizes in 64 bits.
 */
final class ZipWritten {
  private static final int ALL_ONES = -1;

  private final boolean large;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final List<Integer> headers = new ArrayList<>();
  private final List<Integer> listed = new ArrayList<>();

  ZipWritten(boolean large) {
    this.large = large;
  }

  static ZipWritten of(Map<String, byte[]> members, boolean large) {
    ZipWritten zip = new ZipWritten(large);
    members.forEach(zip::add);
    return zip;
  }

  ZipWritten add(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    headers.add(out.size());
    listed.add(directory.size());
    int size = large ? ALL_ONES : content.length;
    ByteBuffer local = buffer(30).putInt(0x04034B50).putShort((short) 20).putShort((short) 0x800);
    local.putShort((short) 0).putInt(0).putInt((int) crc.getValue()).putInt(size).putInt(size);
    local.putShort((short) path.length).putShort((short) (large ? 20 : 0));
    out.writeBytes(bytes(local));
    out.writeBytes(path);
    if (large) {
      out.writeBytes(
          buffer(20)
              .putShort((short) 1)
              .putShort((short) 16)
              .putLong(content.length)
              .putLong(content.length)
              .array());
    }
    out.writeBytes(content);
    ByteBuffer entry = buffer(46).putInt(0x02014B50).putShort((short) 20).putShort((short) 20);
    entry.putShort((short) 0x800).putShort((short) 0).putInt(0).putInt((int) crc.getValue());
    entry.putInt(size).putInt(size).putShort((short) path.length);
    entry.putShort((short) (large ? 28 : 0)).putShort((short) 0).putInt(0).putInt(0);
    entry.putInt(large ? ALL_ONES : headers.getLast());
    directory.writeBytes(bytes(entry));
    directory.writeBytes(path);
    if (large) {
      directory.writeBytes(
          buffer(28)
              .putShort((short) 1)
              .putShort((short) 24)
              .putLong(content.length)
              .putLong(content.length)
              .putLong(headers.getLast())
              .array());
    }
    return this;
  }

  /** Offset of a member's own header. */
  int header(int member) {
    return headers.get(member);
  }

  /** Offset of a member's entry in the directory. */
  int entry(int member) {
    return out.size() + listed.get(member);
  }

  /** Offset of the end record. */
  int end() {
    return out.size() + directory.size() + (large ? 56 + 20 : 0);
  }

  /** All bytes of a buffer, regardless of its position. */
  private static byte[] bytes(ByteBuffer buffer) {
    byte[] all = new byte[buffer.capacity()];
    buffer.get(0, all);
    return all;
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(out.toByteArray());
    all.writeBytes(directory.toByteArray());
    if (large) {
      long end = all.size();
      ByteBuffer record = buffer(56).putInt(0x06064B50).putLong(44).putShort((short) 45);
      record.putShort((short) 45).putInt(0).putInt(0).putLong(headers.size());
      record.putLong(headers.size()).putLong(directory.size()).putLong(out.size());
      all.writeBytes(bytes(record));
      all.writeBytes(buffer(20).putInt(0x07064B50).putInt(0).putLong(end).putInt(1).array());
    }
    short count = (short) (large ? ALL_ONES : headers.size());
    ByteBuffer last = buffer(22).putInt(0x06054B50).putInt(0).putShort(count).putShort(count);
    last.putInt(large ? ALL_ONES : directory.size()).putInt(large ? ALL_ONES : out.size());
    all.writeBytes(bytes(last));
    return all.toByteArray();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
