package org.ratescope.dataset.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ratescope.dataset.format.ArrayReader;
import org.ratescope.dataset.format.DType;
import org.ratescope.dataset.format.MemoryReader;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.hdf5.object.Dataspace;
import org.ratescope.dataset.hdf5.object.Datatype;
import org.ratescope.dataset.hdf5.object.FillValue;
import org.ratescope.dataset.hdf5.object.Filters;
import org.ratescope.dataset.hdf5.object.Hdf5File;
import org.ratescope.dataset.hdf5.object.ObjectHeader;
import org.ratescope.dataset.hdf5.object.StorageLayout;
import org.ratescope.dataset.hdf5.object.VariableLengthText;

/**
 * An array of numbers or texts in an HDF5 file.
 *
 * @param file the file
 * @param where the file and the array's name
 * @param type the type of a value
 * @param space the sizes
 * @param layout the location of the values
 * @param filters the filters applied to them
 * @param fill the value of values that were never written
 */
record Hdf5Array(
    Path file,
    String where,
    Datatype type,
    Dataspace space,
    StorageLayout layout,
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
    StorageLayout layout =
        external.isPresent()
            ? ExternalFiles.read(in, external.get(), (long) bytes)
            : StorageLayout.read(in, message, space.shape().size(), (long) bytes);
    if (layout instanceof StorageLayout.Chunked || layout instanceof StorageLayout.Unwritten) {
      requireRoom(in, space, type, bytes, (double) in.size() * Filters.MAX_INFLATION);
    }
    if (layout instanceof StorageLayout.Unwritten) {
      fill.require(in, "the array");
    }
    return new Hdf5Array(in.path(), in.where(), type, space, layout, filters, fill);
  }

  /**
   * Checks that the values can be in the file. Compressed and unwritten values may be larger than
   * the file, but not beyond deflate's maximum, so the work for a small file is bounded.
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
  public DType element() {
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
      VariableLengthText texts = new VariableLengthText(in, type);
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
        layout instanceof StorageLayout.Contiguous all
            ? all.pieces().stream().map(StorageLayout.Piece::file)
            : Stream.empty();
    return Stream.concat(Stream.of(file), parts).distinct().toList();
  }

  @Override
  public ArrayReader open() throws IOException {
    return switch (layout) {
      case StorageLayout.Compact compact -> new MemoryReader(compact.values());
      case StorageLayout.Contiguous contiguous -> new ContiguousReader(where, contiguous);
      case StorageLayout.Unwritten none -> new MemoryReader(fill.pattern());
      case StorageLayout.Chunked chunked -> open(chunked);
    };
  }

  private ArrayReader open(StorageLayout.Chunked chunked) throws IOException {
    Hdf5File in = Hdf5File.open(file, where);
    try {
      return ChunkedReader.of(in, this, chunked);
    } catch (IOException e) {
      in.close();
      throw e;
    } catch (RuntimeException e) {
      in.close();
      throw Hdf5.damaged(where, e);
    }
  }
}
