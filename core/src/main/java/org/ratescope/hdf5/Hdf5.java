package org.ratescope.hdf5;

import java.io.IOException;
import java.nio.file.Path;
import org.ratescope.format.FormatException;
import org.ratescope.format.StoredArray;

/** Opens arrays ("datasets") of HDF5 files by their names. */
public final class Hdf5 {
  private Hdf5() {}

  /**
   * Reads what the file says about an array; no value is read.
   *
   * @param name the array's name, {@code images} or {@code group/images}
   * @throws FormatException if the file is no HDF5 file or damaged, has no such array, or keeps it
   *     in a form that is not read, saying which
   */
  public static StoredArray open(Path file, String name) throws IOException {
    String where = "%s (dataset %s)".formatted(file, name);
    try (Hdf5File in = Hdf5File.open(file, where)) {
      long header = in.rootHeader();
      for (String part : name.split("/", -1)) {
        if (!part.isEmpty()) {
          header = Group.member(in, header, part);
        }
      }
      return Hdf5Array.of(in, file, ObjectHeader.read(in, header));
    } catch (RuntimeException e) {
      throw new FormatException(where, "damaged HDF5 structure: " + e, e);
    }
  }
}
