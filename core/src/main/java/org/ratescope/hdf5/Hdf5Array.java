package org.ratescope.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ratescope.format.ArrayReader;
import org.ratescope.format.Element;
import org.ratescope.format.StoredArray;

/**
 * An array of numbers in an HDF5 file.
 *
 * @param file the file
 * @param where the file and the array's name
 * @param element what one value is
 * @param order byte order of a value
 * @param shape sizes, at least one
 * @param layout where the values are
 * @param filters what was done to them
 */
record Hdf5Array(
    Path file,
    String where,
    Element element,
    ByteOrder order,
    List<Long> shape,
    Layout layout,
    Filters filters)
    implements StoredArray {
  private static final int MAX_DIMENSIONS = 8;

  static Hdf5Array of(Hdf5File in, Path file, ObjectHeader header) throws IOException {
    List<Long> shape = shape(in, header.required(ObjectHeader.DATASPACE, "sizes"));
    ByteBuffer type = header.required(ObjectHeader.DATATYPE, "type");
    Element element = element(in, type);
    ByteOrder order = (type.get(1) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    Layout layout = Layout.read(in, header.required(ObjectHeader.LAYOUT, "layout"), shape.size());
    Filters filters = Filters.of(in, header.message(ObjectHeader.FILTERS));
    Hdf5Array array =
        new Hdf5Array(file, in.where(), element, order, List.copyOf(shape), layout, filters);
    array.requireRoom(in);
    return array;
  }

  /** Checks that the file can hold so many values. */
  private void requireRoom(Hdf5File in) throws IOException {
    double bytes = element.bytes();
    for (long size : shape) {
      bytes *= size;
    }
    double room =
        layout instanceof Layout.Chunked && filters.deflates()
            ? (double) in.size() * Filters.MAX_INFLATION
            : in.size();
    if (!(bytes <= room)) {
      throw in.error(
          "values of shape %s and type %s, more than the file's %d bytes can hold"
              .formatted(shape, element.text(), in.size()));
    }
  }

  private static List<Long> shape(Hdf5File in, ByteBuffer body) throws IOException {
    int version = body.get();
    int rank = body.get();
    if (!(version == 1 || version == 2) || !(rank >= 1 && rank <= MAX_DIMENSIONS)) {
      throw in.error("%d dimensions, allowed: 1 to %d".formatted(rank, MAX_DIMENSIONS));
    }
    body.position(version == 1 ? 8 : 4);
    List<Long> shape = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      long size = in.length(body);
      if (!(size >= 1)) {
        throw in.error("size %d in dimension %d: it holds no values".formatted(size, d));
      }
      shape.add(size);
    }
    return shape;
  }

  private static Element element(Hdf5File in, ByteBuffer body) throws IOException {
    int kind = body.get(0) & 0xF;
    boolean signed = (body.get(1) & 1 << 3) != 0;
    long size = Integer.toUnsignedLong(body.getInt(4));
    return switch (kind + " " + size) {
      case "0 1" -> signed ? Element.INT8 : Element.UINT8;
      case "0 2" -> signed ? Element.INT16 : Element.UINT16;
      case "0 4" -> signed ? Element.INT32 : Element.UINT32;
      case "0 8" -> Element.INT64;
      case "1 4" -> Element.FLOAT32;
      case "1 8" -> Element.FLOAT64;
      case "8 1" -> Element.BOOL; // h5py's form of a truth value
      default ->
          throw in.error(
              "values of class %d with %d bytes, allowed: whole numbers, float32, float64, bool"
                  .formatted(kind, size));
    };
  }

  @Override
  public ArrayReader open() throws IOException {
    Hdf5File in = Hdf5File.open(file, where);
    try {
      return switch (layout) {
        case Layout.Compact compact -> CompactPass.of(in, compact, count(0) * element.bytes());
        case Layout.Contiguous contiguous ->
            ContiguousPass.of(in, contiguous.address(), count(0) * element.bytes());
        case Layout.Chunked chunked -> ChunkedPass.of(in, this, chunked);
      };
    } catch (IOException e) {
      in.close();
      throw e;
    } catch (RuntimeException e) {
      in.close();
      throw in.error("damaged HDF5 structure: %s".formatted(e));
    }
  }
}
