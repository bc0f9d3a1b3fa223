package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The location of an array's values (section IV.A.2.i, versions 3 and 4; version 5, of HDF5 2.0,
 * differs from 4 only in the width of sizes).
 */
public sealed interface StorageLayout {

  /** In the header itself. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Compact(byte[] values) implements StorageLayout {}

  /**
   * One after the other in parts of files: one part of this file, or several parts of other files.
   */
  record Contiguous(List<Piece> pieces) implements StorageLayout {
    public Contiguous {
      pieces = List.copyOf(pieces);
    }
  }

  /** A part of a file. */
  record Piece(Path file, long position, long bytes) {}

  /** Nowhere: no value was ever written, and no space allocated. */
  record Unwritten() implements StorageLayout {}

  /**
   * In chunks of one shape.
   *
   * @param chunk size of a chunk in each dimension
   * @param index the index of the chunks
   */
  record Chunked(List<Integer> chunk, Index index) implements StorageLayout {
    public Chunked {
      chunk = List.copyOf(chunk);
    }
  }

  /** The index of the chunks of an array. */
  sealed interface Index {}

  /** A tree with a node for every few chunks (section III.A.1). */
  record Tree(long address) implements Index {}

  /** There is one chunk. {@code size} is 0 if it was not filtered. */
  record Single(long address, long size, int mask) implements Index {}

  /** One after the other. */
  record Implicit(long address) implements Index {}

  /** A table (section VII.C). */
  record FixedArray(long address) implements Index {}

  /**
   * Reads the location of the values.
   *
   * @param rank dimensions of the array
   * @param bytes number of bytes of all its values
   */
  static StorageLayout read(Hdf5File file, ByteBuffer body, int rank, long bytes)
      throws IOException {
    int version = body.get();
    int kind = body.get();
    if (!(version >= 3 && version <= 5)) {
      throw file.error(
          "layout version %d; expected 3 to 5 (h5repack rewrites the file)".formatted(version));
    }
    return switch (kind) {
      case 0 -> {
        int size = Short.toUnsignedInt(body.getShort());
        if (!(bytes <= size && size <= body.remaining())) {
          throw file.error("%d bytes in the header; expected %d".formatted(size, bytes));
        }
        byte[] values = new byte[(int) bytes];
        body.get(values);
        yield new Compact(values);
      }
      case 1 -> contiguous(file, file.offset(body), bytes);
      case 2 ->
          version == 3 ? chunkedVersion3(file, body, rank) : chunkedVersion4(file, body, rank);
      case 3 ->
          throw file.error(
              "a virtual dataset, a view of other arrays, which is not read; copy it into a"
                  + " separate file (h5py: other.create_dataset(name, data=file[name][...]))");
      default -> throw file.error("layout class %d; expected 0, 1, 2".formatted(kind));
    };
  }

  private static StorageLayout contiguous(Hdf5File file, long address, long bytes)
      throws IOException {
    if (address == -1) {
      return new Unwritten();
    }
    file.requireInside(address, bytes);
    return new Contiguous(List.of(new Piece(file.path(), file.position(address), bytes)));
  }

  private static StorageLayout chunkedVersion3(Hdf5File file, ByteBuffer body, int rank)
      throws IOException {
    int dimensions = body.get();
    long address = file.offset(body);
    return new Chunked(chunk(file, body, dimensions, Integer.BYTES, rank), new Tree(address));
  }

  private static StorageLayout chunkedVersion4(Hdf5File file, ByteBuffer body, int rank)
      throws IOException {
    int flags = body.get();
    int dimensions = body.get();
    int width = body.get();
    if ((flags & 1) != 0 || !(width >= 1 && width <= 8)) {
      throw file.error(
          "chunk flags %d and sizes of %d bytes, which are not read".formatted(flags, width));
    }
    List<Integer> chunk = chunk(file, body, dimensions, width, rank);
    int index = body.get();
    return switch (index) {
      case 1 -> {
        boolean filtered = (flags & 1 << 1) != 0;
        long size = filtered ? file.length(body) : 0;
        int mask = filtered ? body.getInt() : 0;
        yield new Chunked(chunk, new Single(file.offset(body), size, mask));
      }
      case 2 -> new Chunked(chunk, new Implicit(file.offset(body)));
      case 3 -> {
        body.get(); // page bits, which the table repeats
        yield new Chunked(chunk, new FixedArray(file.offset(body)));
      }
      default ->
          throw file.error(
              ("chunks of an array without a fixed size in a form (index %d) that is not read;"
                      + " h5repack --high=v18 rewrites the file")
                  .formatted(index));
    };
  }

  /** Sizes of a chunk; the list has one more, that of an element. */
  private static List<Integer> chunk(
      Hdf5File file, ByteBuffer body, int dimensions, int width, int rank) throws IOException {
    if (dimensions != rank + 1) {
      throw file.error(
          "chunks of %d dimensions for an array of %d".formatted(dimensions - 1, rank));
    }
    List<Integer> chunk = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      long size = ObjectHeader.unsigned(body, width);
      if (!(size >= 1 && size <= Integer.MAX_VALUE)) {
        throw file.error("a chunk of size %d in dimension %d".formatted(size, i));
      }
      chunk.add((int) size);
    }
    return chunk.subList(0, rank);
  }
}
