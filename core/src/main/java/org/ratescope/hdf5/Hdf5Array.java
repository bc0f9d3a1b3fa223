package org.ratescope.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ratescope.format.ArrayReader;
import org.ratescope.format.Element;
import org.ratescope.format.StoredArray;

/**
 * An array of numbers or texts in an HDF5 file.
 *
 * @param file the file that has it
 * @param where the file and the array's name
 * @param type what one value is
 * @param space the sizes
 * @param layout where the values are
 * @param filters what was done to them
 * @param fill what stands for values that were never written
 */
record Hdf5Array(
    Path file,
    String where,
    Datatype type,
    Dataspace space,
    Layout layout,
    Filters filters,
    FillValue fill)
    implements StoredArray {

  private static final double MOST_BYTES = 0x1p62;

  static Hdf5Array of(Hdf5File in, ObjectHeader header) throws IOException {
    Dataspace space = Dataspace.of(in, header.required(ObjectHeader.DATASPACE, "sizes"));
    Datatype type = Datatype.of(in, header.required(ObjectHeader.DATATYPE, "type"));
    FillValue fill = FillValue.of(in, header, type.width());
    Filters filters = Filters.of(in, header.message(ObjectHeader.FILTERS));
    double bytes = type.width();
    for (long size : space.shape()) {
      bytes *= size;
    }
    requireRoom(in, space, type, bytes, MOST_BYTES);
    Optional<ByteBuffer> external = header.message(ObjectHeader.EXTERNAL_FILES);
    ByteBuffer message = header.required(ObjectHeader.LAYOUT, "layout");
    Layout layout =
        external.isPresent()
            ? ExternalFiles.read(in, external.get(), (long) bytes)
            : Layout.read(in, message, space.shape().size(), (long) bytes);
    if (layout instanceof Layout.Chunked || layout instanceof Layout.Unwritten) {
      requireRoom(in, space, type, bytes, (double) in.size() * Filters.MAX_INFLATION);
    }
    if (layout instanceof Layout.Unwritten) {
      fill.require(in, "the array");
    }
    return new Hdf5Array(in.path(), in.where(), type, space, layout, filters, fill);
  }

  /**
   * Checks that the values can be in the file. Compressed and unwritten ones may be more than it
   * has bytes, but not by more than deflate can reach: the work on a small file is bounded.
   */
  private static void requireRoom(
      Hdf5File in, Dataspace space, Datatype type, double bytes, double room) throws IOException {
    if (!(bytes <= room)) {
      throw in.error(
          "values of shape %s and type %s, more than the file's %d bytes can hold"
              .formatted(space.shape(), type.element().text(), in.size()));
    }
  }

  @Override
  public Element element() {
    return type.element();
  }

  @Override
  public ByteOrder order() {
    return type.order();
  }

  @Override
  public int width() {
    return type.width();
  }

  @Override
  public List<String> texts() throws IOException {
    if (!element().isText()) {
      return StoredArray.super.texts();
    }
    try (Hdf5File in = Hdf5File.open(file, where)) {
      Texts texts = new Texts(in, type);
      List<String> all = new ArrayList<>();
      forEach((index, bytes) -> all.add(texts.read(index, bytes)));
      return all;
    } catch (RuntimeException e) {
      throw Hdf5.damaged(where, e);
    }
  }

  @Override
  public List<Long> shape() {
    return space.shape();
  }

  @Override
  public List<Path> files() {
    Stream<Path> parts =
        layout instanceof Layout.Contiguous all
            ? all.pieces().stream().map(Layout.Piece::file)
            : Stream.empty();
    return Stream.concat(Stream.of(file), parts).distinct().toList();
  }

  @Override
  public ArrayReader open() throws IOException {
    return switch (layout) {
      case Layout.Compact compact -> new MemoryPass(compact.values());
      case Layout.Contiguous contiguous -> new ContiguousPass(where, contiguous);
      case Layout.Unwritten none -> new MemoryPass(fill.pattern());
      case Layout.Chunked chunked -> open(chunked);
    };
  }

  private ArrayReader open(Layout.Chunked chunked) throws IOException {
    Hdf5File in = Hdf5File.open(file, where);
    try {
      return ChunkedPass.of(in, this, chunked);
    } catch (IOException e) {
      in.close();
      throw e;
    } catch (RuntimeException e) {
      in.close();
      throw Hdf5.damaged(where, e);
    }
  }
}
