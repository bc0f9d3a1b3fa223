package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Names of members of a group, of targets of links, and of external files (section III.D). */
public record LocalHeap(Hdf5File file, long address, long size) {
  private static final int MAX_NAME = 1 << 12;

  public static LocalHeap read(Hdf5File file, long address) throws IOException {
    ByteBuffer block = file.block(address, 8 + 2 * file.lengthBytes() + file.offsetBytes());
    if (block.getInt() != ObjectHeader.signature("HEAP")) {
      throw file.error("no HEAP at offset %d".formatted(address));
    }
    block.position(8);
    long size = file.length(block);
    block.position(8 + 2 * file.lengthBytes());
    long data = file.offset(block);
    file.requireInside(data, size);
    return new LocalHeap(file, data, size);
  }

  /** The name that begins at that position. */
  public String name(long offset) throws IOException {
    if (!(offset >= 0 && offset < size)) {
      throw file.error("a name at %d outside of its heap of %d bytes".formatted(offset, size));
    }
    return upToZero(file, file.block(address + offset, Math.min(size - offset, MAX_NAME)));
  }

  /** Reads the name at the position of a buffer, including its terminating zero. */
  public static String upToZero(Hdf5File file, ByteBuffer bytes) throws IOException {
    int start = bytes.position();
    while (bytes.hasRemaining()) {
      if (bytes.get() == 0) {
        ByteBuffer name = bytes.slice(start, bytes.position() - 1 - start);
        return StandardCharsets.UTF_8.decode(name).toString();
      }
    }
    throw file.error("a name of more than %d bytes".formatted(bytes.limit() - start));
  }
}
