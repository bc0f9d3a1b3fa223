package org.ratescope.dataset.hdf5.object;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.io.RegularFile;

/**
 * An open HDF5 file and its superblock: the widths of addresses and lengths, the base address, and
 * the location of the root group. Blocks are read by address, after a check against the size of the
 * file.
 */
public final class Hdf5File implements Closeable {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
  private static final long LAST_SIGNATURE = 1L << 24;

  /** Maximum number of bytes of one block of structure. */
  private static final int MAX_BLOCK = 1 << 24;

  private final Path path;
  private final FileChannel channel;
  private final String where;
  private final long size;
  private long base;
  private int offsetBytes = 8;
  private int lengthBytes = 8;
  private long rootHeader;

  private Hdf5File(Path path, FileChannel channel, String where) throws IOException {
    this.path = path;
    this.channel = channel;
    this.where = where;
    this.size = channel.size();
  }

  public static Hdf5File open(Path path, String where) throws IOException {
    RegularFile.require(path);
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      Hdf5File file = new Hdf5File(path, channel, where);
      file.readSuperblock();
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void readSuperblock() throws IOException {
    long start = signature();
    int version = block(start + 8, 1).get();
    switch (version) {
      case 0, 1 -> {
        ByteBuffer sizes = block(start + 13, 2);
        widths(sizes);
        ByteBuffer rest = block(start + (version == 0 ? 24 : 28), 6L * offsetBytes);
        long first = offset(rest);
        rest.position(5 * offsetBytes); // free space, end, driver, and the root entry's name
        rootHeader = offset(rest);
        base = first;
      }
      case 2, 3 -> {
        ByteBuffer sizes = block(start + 9, 2);
        widths(sizes);
        ByteBuffer rest = block(start + 12, 4L * offsetBytes);
        long first = offset(rest);
        rest.position(3 * offsetBytes); // extension and end
        rootHeader = offset(rest);
        base = first;
      }
      default ->
          throw error(
              "superblock version %d at offset %d; expected 0 to 3".formatted(version, start + 8));
    }
    if (!(base >= 0 && base < size)) {
      throw error("base address %d is outside of the file's %d bytes".formatted(base, size));
    }
  }

  private long signature() throws IOException {
    for (long at = 0; at <= LAST_SIGNATURE && at + SIGNATURE.length <= size; ) {
      if (block(at, SIGNATURE.length).equals(ByteBuffer.wrap(SIGNATURE))) {
        return at;
      }
      at = at == 0 ? 512 : 2 * at;
    }
    throw error("not an HDF5 file: the signature at offset 0 is missing");
  }

  private void widths(ByteBuffer sizes) throws IOException {
    offsetBytes = sizes.get();
    lengthBytes = sizes.get();
    if (!(width(offsetBytes) && width(lengthBytes))) {
      throw error(
          "addresses of %d and lengths of %d bytes; expected 4, 8"
              .formatted(offsetBytes, lengthBytes));
    }
  }

  private static boolean width(int bytes) {
    return bytes == 4 || bytes == 8;
  }

  public Path path() {
    return path;
  }

  /** The position of an address, counted from the first byte of the file. */
  long position(long address) {
    return base + address;
  }

  public long rootHeader() {
    return rootHeader;
  }

  public int offsetBytes() {
    return offsetBytes;
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  /** Bytes of the whole file. */
  public long size() {
    return size;
  }

  /** The file and the array, for messages. */
  public String where() {
    return where;
  }

  /** Reads an address; -1 if it is undefined. */
  public long offset(ByteBuffer from) {
    return offsetBytes == 8 ? from.getLong() : widened(from.getInt());
  }

  private static long widened(int address) {
    return address == -1 ? -1 : Integer.toUnsignedLong(address);
  }

  /** Reads a length. */
  public long length(ByteBuffer from) {
    return lengthBytes == 8 ? from.getLong() : Integer.toUnsignedLong(from.getInt());
  }

  /**
   * A block of structure, little-endian.
   *
   * @throws FormatException if it is not inside the file
   */
  public ByteBuffer block(long address, long count) throws IOException {
    if (!(count >= 0 && count <= MAX_BLOCK)) {
      throw error(
          "a block of %d bytes at offset %d; expected at most %d"
              .formatted(count, address, MAX_BLOCK));
    }
    requireInside(address, count);
    ByteBuffer block = ByteBuffer.allocate((int) count).order(ByteOrder.LITTLE_ENDIAN);
    read(address, block);
    return block.flip();
  }

  /** Checks that this many bytes from an address are inside the file. */
  public void requireInside(long address, long count) throws IOException {
    if (!(address >= 0 && count >= 0 && address <= size - base && count <= size - base - address)) {
      throw error(
          "%d bytes at offset %d are outside of the file's %d bytes"
              .formatted(count, address, size));
    }
  }

  /** Fills a buffer; the caller has checked that it is inside the file. */
  public void read(long address, ByteBuffer into) throws IOException {
    long position = position(address);
    while (into.hasRemaining()) {
      int read = channel.read(into, position);
      if (read < 0) {
        throw error("truncated: it ends at offset %d".formatted(channel.size()));
      }
      position += read;
    }
  }

  public FormatException error(String message) {
    return new FormatException(where, message);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
