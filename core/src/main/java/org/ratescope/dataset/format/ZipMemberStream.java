package org.ratescope.dataset.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The content of a member of a ZIP file, stored or deflated. At its end, the stream compares the
 * size, the checksum and the number of compressed bytes with the directory.
 */
final class ZipMemberStream extends FilterInputStream {
  private static final int BUFFER = 1 << 16;

  private final ZipDirectory.Member member;
  private final Inflater inflater;
  private final CRC32 checksum = new CRC32();
  private long count;

  private ZipMemberStream(ZipDirectory.Member member, InputStream in, Inflater inflater) {
    super(in);
    this.member = member;
    this.inflater = inflater;
  }

  /** Reads from that file, which is closed with the stream. */
  static InputStream of(ZipDirectory.Member member, FileChannel file) {
    Inflater inflater = new Inflater(true);
    InputStream raw = new Window(file, member.start(), member.compressed());
    InputStream content =
        member.method() == 0 ? raw : new InflaterInputStream(raw, inflater, BUFFER);
    return new ZipMemberStream(member, content, inflater);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int read = super.read(into, from, length);
    if (read > 0) {
      checksum.update(into, from, read);
      count += read;
    } else if (read < 0) {
      requireWhole();
    }
    return read;
  }

  private void requireWhole() throws ZipException {
    if (count != member.size()) {
      throw new ZipException(
          "it ends after %d bytes, the directory says %d".formatted(count, member.size()));
    }
    if (checksum.getValue() != member.checksum()) {
      throw new ZipException(
          "its checksum (CRC-32) is %08x, the directory says %08x"
              .formatted(checksum.getValue(), member.checksum()));
    }
    if (member.method() != 0 && inflater.getBytesRead() != member.compressed()) {
      throw new ZipException(
          "its compressed content ends after %d of %d bytes"
              .formatted(inflater.getBytesRead(), member.compressed()));
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    super.close();
  }

  /** Part of a file. */
  private static final class Window extends InputStream {
    private final FileChannel file;
    private final long end;
    private long next;

    Window(FileChannel file, long start, long count) {
      this.file = file;
      this.next = start;
      this.end = start + count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int wanted = (int) Math.min(length, end - next);
      if (wanted <= 0) {
        return length == 0 ? 0 : -1;
      }
      int read = file.read(ByteBuffer.wrap(into, from, wanted), next);
      next += Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
