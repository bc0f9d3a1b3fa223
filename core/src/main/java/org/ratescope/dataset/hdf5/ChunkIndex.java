package org.ratescope.dataset.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.ratescope.dataset.hdf5.object.Dataspace;
import org.ratescope.dataset.hdf5.object.Hdf5File;
import org.ratescope.dataset.hdf5.object.ObjectHeader;
import org.ratescope.dataset.hdf5.object.StorageLayout;

/**
 * The location of each chunk of an array, by its number: chunks are counted with the last dimension
 * fastest.
 */
final class ChunkIndex {
  private static final int FEW = 1 << 18;

  private final Hdf5File file;
  private final List<Long> shape;
  private final List<Long> most;
  private final List<Integer> chunk;
  private final int chunkBytes;
  private final long[] addresses; // -1 for missing chunks
  private final int[] sizes;
  private final int[] masks;
  private final Set<Long> seen = new HashSet<>();

  private ChunkIndex(
      Hdf5File file, Dataspace space, List<Integer> chunk, int chunkBytes, int count) {
    this.file = file;
    this.shape = space.shape();
    this.most = space.most();
    this.chunk = chunk;
    this.chunkBytes = chunkBytes;
    this.addresses = new long[count];
    this.sizes = new int[count];
    this.masks = new int[count];
    Arrays.fill(addresses, -1);
  }

  static ChunkIndex read(
      Hdf5File file,
      Dataspace space,
      StorageLayout.Chunked layout,
      int chunkBytes,
      boolean filtered)
      throws IOException {
    List<Integer> chunk = layout.chunk();
    long count = count(space.shape(), chunk);
    // An entry needs 8 bytes in most indexes; indexes that omit chunks may be shorter.
    if (!(count <= Math.max(file.size() / Long.BYTES + 1, FEW))) {
      throw file.error(
          "%d chunks, more than the file's %d bytes can hold".formatted(count, file.size()));
    }
    ChunkIndex index = new ChunkIndex(file, space, chunk, chunkBytes, (int) count);
    switch (layout.index()) {
      case StorageLayout.Tree tree -> index.node(tree.address(), Integer.MAX_VALUE);
      case StorageLayout.Single one ->
          index.put(0, one.address(), filtered ? one.size() : chunkBytes, one.mask());
      case StorageLayout.Implicit run -> index.run(run.address());
      case StorageLayout.FixedArray table -> index.table(table.address(), filtered);
    }
    index.requireApart();
    return index;
  }

  private static long count(List<Long> sizes, List<Integer> chunk) {
    long count = 1;
    for (int d = 0; d < chunk.size(); d++) {
      count = Math.multiplyExact(count, Math.ceilDiv(sizes.get(d), (long) chunk.get(d)));
    }
    return count;
  }

  /** Checks that no two chunks share bytes. */
  private void requireApart() throws IOException {
    List<Integer> written =
        IntStream.range(0, count())
            .filter(this::isWritten)
            .boxed()
            .sorted(Comparator.comparingLong(this::address))
            .toList();
    for (int i = 1; i < written.size(); i++) {
      int before = written.get(i - 1);
      int next = written.get(i);
      if (!(addresses[before] + sizes[before] <= addresses[next])) {
        throw file.error(
            "chunks %d and %d overlap at offset %d".formatted(before, next, addresses[next]));
      }
    }
  }

  /** Whether the chunk exists; otherwise its values are fill values. */
  boolean isWritten(int number) {
    return addresses[number] >= 0;
  }

  /** Number of chunks. */
  int count() {
    return addresses.length;
  }

  int mask(int number) {
    return masks[number];
  }

  /** The stored bytes of a chunk. */
  byte[] stored(Hdf5File from, int number) throws IOException {
    byte[] bytes = new byte[sizes[number]];
    from.read(addresses[number], ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** The address of a chunk, for messages. */
  long address(int number) {
    return addresses[number];
  }

  private void put(int number, long address, long size, int mask) throws IOException {
    if (address == -1) {
      return;
    }
    // Deflate may slightly lengthen data that it cannot shorten.
    if (!(size >= 0 && size <= 2L * chunkBytes + 1024)) {
      throw file.error("chunk %d with %d bytes stored, of %d".formatted(number, size, chunkBytes));
    }
    file.requireInside(address, size);
    if (isWritten(number)) {
      throw file.error(
          "chunk %d at offset %d and again at %d".formatted(number, addresses[number], address));
    }
    addresses[number] = address;
    sizes[number] = (int) size;
    masks[number] = mask;
  }

  /** Levels decrease from node to node, and no node is visited twice, so the work is bounded. */
  private void node(long address, int below) throws IOException {
    if (address == -1) {
      return;
    }
    if (!seen.add(address)) {
      throw file.error("a tree of chunks that reaches offset %d twice".formatted(address));
    }
    ByteBuffer head = file.block(address, 8);
    if (head.getInt() != ObjectHeader.signature("TREE")) {
      throw file.error("no TREE at offset %d".formatted(address));
    }
    int type = head.get();
    int level = Byte.toUnsignedInt(head.get());
    int entries = Short.toUnsignedInt(head.getShort());
    if (type != 1 || level >= below) {
      throw file.error(
          "a node of type %d and level %d at offset %d".formatted(type, level, address));
    }
    int keyBytes = 8 + 8 * (chunk.size() + 1);
    int step = keyBytes + file.offsetBytes();
    ByteBuffer block = file.block(address + 8 + 2L * file.offsetBytes(), (long) entries * step);
    for (int i = 0; i < entries; i++) {
      block.position(i * step);
      long size = Integer.toUnsignedLong(block.getInt());
      int mask = block.getInt();
      long number = level > 0 ? -1 : number(block, address);
      block.position(i * step + keyBytes);
      long child = file.offset(block);
      if (level > 0) {
        node(child, level);
      } else {
        put((int) number, child, size, mask);
      }
    }
  }

  /** The number of a chunk, from the position of its first value. */
  private long number(ByteBuffer key, long address) throws IOException {
    long number = 0;
    for (int d = 0; d < chunk.size(); d++) {
      long at = key.getLong();
      if (!(at >= 0 && at < shape.get(d) && at % chunk.get(d) == 0)) {
        throw file.error(
            "a chunk at place %d of dimension %d, node at offset %d".formatted(at, d, address));
      }
      number = number * Math.ceilDiv(shape.get(d), (long) chunk.get(d)) + at / chunk.get(d);
    }
    return number;
  }

  /** Chunks one after the other, with space for the maximum number of chunks. */
  private void run(long address) throws IOException {
    if (address == -1) {
      return;
    }
    long all = count(most, chunk);
    file.requireInside(address, Math.multiplyExact(all, chunkBytes));
    for (int place = 0; place < all; place++) {
      putAt(place, address + (long) place * chunkBytes, chunkBytes, 0);
    }
  }

  /** Stores a chunk of the maximum extent, if the array has grown that far. */
  private void putAt(long place, long address, long size, int mask) throws IOException {
    long rest = place;
    long number = 0;
    long step = 1;
    for (int d = chunk.size() - 1; d >= 0; d--) {
      long all = Math.ceilDiv(most.get(d), (long) chunk.get(d));
      long now = Math.ceilDiv(shape.get(d), (long) chunk.get(d));
      if (rest % all >= now) {
        return;
      }
      number += rest % all * step;
      step *= now;
      rest /= all;
    }
    put((int) number, address, size, mask);
  }

  private void table(long address, boolean filtered) throws IOException {
    if (address == -1) {
      return;
    }
    ByteBuffer head = file.block(address, 8 + file.lengthBytes() + file.offsetBytes());
    if (head.getInt() != ObjectHeader.signature("FAHD")) {
      throw file.error("no FAHD at offset %d".formatted(address));
    }
    int entryBytes = Byte.toUnsignedInt(head.get(6));
    int pageBits = Byte.toUnsignedInt(head.get(7));
    head.position(8);
    long entries = file.length(head);
    long block = file.offset(head);
    int sizeBytes = entryBytes - file.offsetBytes() - Integer.BYTES;
    long all = count(most, chunk);
    if (entries != all
        || entries > file.size()
        || entries > Integer.MAX_VALUE
        || pageBits > 24
        || (filtered && !(sizeBytes >= 1 && sizeBytes <= 8))) {
      throw file.error(
          "a table of %d chunks at offset %d; expected %d".formatted(entries, address, all));
    }
    if (block != -1) {
      elements(block, (int) entries, entryBytes, 1 << pageBits, filtered ? sizeBytes : 0);
    }
  }

  private void elements(long block, int all, int entryBytes, int pageEntries, int sizeBytes)
      throws IOException {
    if (file.block(block, 4).getInt() != ObjectHeader.signature("FADB")) {
      throw file.error("no FADB at offset %d".formatted(block));
    }
    long at = block + 6 + file.offsetBytes();
    boolean paged = all > pageEntries;
    int pages = paged ? Math.ceilDiv(all, pageEntries) : 1;
    ByteBuffer written = file.block(at, paged ? Math.ceilDiv(pages, 8) : 0);
    at += paged ? written.limit() + 4 : 0; // a checksum
    for (int page = 0; page < pages; page++) {
      int first = page * pageEntries;
      int entries = paged ? Math.min(pageEntries, all - first) : all;
      if (!paged || (written.get(page / 8) & 0x80 >> page % 8) != 0) {
        page(file.block(at, (long) entries * entryBytes), first, entries, sizeBytes);
      }
      at += (long) entries * entryBytes + 4;
    }
  }

  private void page(ByteBuffer page, int first, int entries, int sizeBytes) throws IOException {
    for (int i = 0; i < entries; i++) {
      long address = file.offset(page);
      long size = sizeBytes == 0 ? chunkBytes : ObjectHeader.unsigned(page, sizeBytes);
      putAt(first + i, address, size, sizeBytes == 0 ? 0 : page.getInt());
    }
  }
}
