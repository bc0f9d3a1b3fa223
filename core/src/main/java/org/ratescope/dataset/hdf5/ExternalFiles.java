package org.ratescope.dataset.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ratescope.dataset.hdf5.object.Hdf5File;
import org.ratescope.dataset.hdf5.object.LocalHeap;
import org.ratescope.dataset.hdf5.object.NamedFile;
import org.ratescope.dataset.hdf5.object.StorageLayout;

/** The external files with the values of an array (section IV.A.2.h). */
final class ExternalFiles {
  private ExternalFiles() {}

  /**
   * The parts of files that contain an array.
   *
   * @param bytes number of bytes of the array
   */
  static StorageLayout.Contiguous read(Hdf5File in, ByteBuffer body, long bytes)
      throws IOException {
    int version = body.get();
    if (version != 1) {
      throw in.error("external files version %d; expected 1".formatted(version));
    }
    int used = Short.toUnsignedInt(body.getShort(6));
    body.position(8);
    LocalHeap names = LocalHeap.read(in, in.offset(body));
    List<StorageLayout.Piece> pieces = new ArrayList<>();
    long needed = bytes;
    for (int i = 0; i < used && needed > 0; i++) {
      String name = names.name(in.length(body));
      long offset = in.length(body);
      long size = in.length(body); // the maximum value if the rest of the file is used
      long taken = size < 0 ? needed : Math.min(size, needed);
      Path file = NamedFile.find(in, name, "a part of the array");
      long has = Files.size(file);
      if (!(offset >= 0 && offset <= has && taken <= has - offset)) {
        throw in.error(
            "the file %s has %d bytes; expected %d from offset %d on"
                .formatted(file.getFileName(), has, taken, offset));
      }
      pieces.add(new StorageLayout.Piece(file, offset, taken));
      needed -= taken;
    }
    if (needed > 0) {
      throw in.error(
          "its external files hold %d bytes; expected %d".formatted(bytes - needed, bytes));
    }
    return new StorageLayout.Contiguous(pieces);
  }
}
