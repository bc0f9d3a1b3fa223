package org.ratescope.dataset.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * NumPy's array format {@code .npy}, versions 1 to 3, C order, of booleans, whole numbers, floats
 * and texts. Source: numpy.lib.format.
 */
public final class Npy {
  private static final String MAGIC = "\u0093NUMPY";
  private static final int HEADER_LIMIT = 1 << 20;

  /** The first bytes of other formats, with advice for users. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "PK\u0003\u0004", "a ZIP archive; expected an .npy array: an archive is named .npz",
          "\u0080", "a Python pickle; expected an .npy array: write it with numpy.save",
          "\u0089HDF", "an HDF5 file; expected an .npy array: hdf5:FILE,key=NAME reads it");

  private Npy() {}

  /**
   * Reads the header.
   *
   * @throws FormatException if the file is not such an array, or is shorter than its header
   *     promises
   */
  public static StoredArray open(Path file) throws IOException {
    return open(ByteSource.of(file));
  }

  static StoredArray open(ByteSource source) throws IOException {
    String where = source.where();
    try (ByteReader reader = source.open()) {
      ByteBuffer intro = reader.next(8, ByteOrder.LITTLE_ENDIAN);
      requireMagic(where, StandardCharsets.ISO_8859_1.decode(intro.slice(0, 6)).toString());
      int major = intro.get(6);
      FormatException.require(
          major >= 1 && major <= 3, where, "format version %d; expected 1, 2, 3".formatted(major));
      ByteBuffer length = reader.next(major == 1 ? 2 : 4, ByteOrder.LITTLE_ENDIAN);
      long bytes = major == 1 ? length.getShort() & 0xFFFF : length.getInt() & 0xFFFFFFFFL;
      FormatException.require(
          bytes <= HEADER_LIMIT,
          where,
          "header of %d bytes at offset 8; expected at most %d".formatted(bytes, HEADER_LIMIT));
      ByteBuffer text = reader.next((int) bytes, ByteOrder.LITTLE_ENDIAN);
      NpyHeader header =
          NpyHeader.parse(where, StandardCharsets.ISO_8859_1.decode(text).toString());
      return StreamedArray.of(
          source,
          reader.offset(),
          header.element(),
          header.width(),
          header.order(),
          header.shape());
    }
  }

  private static void requireMagic(String where, String first) throws FormatException {
    for (Map.Entry<String, String> other : OTHERS.entrySet()) {
      FormatException.require(!first.startsWith(other.getKey()), where, other.getValue());
    }
    FormatException.require(
        first.equals(MAGIC), where, "not an .npy file: the magic bytes at offset 0 are missing");
  }
}
