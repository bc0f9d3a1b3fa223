package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/**
 * A file that an HDF5 file names, for a link or for external values. An HDF5 file may be hostile,
 * so only files in its own folder, or below, are read.
 */
public final class NamedFile {
  private NamedFile() {}

  /**
   * Finds the file.
   *
   * @param in the HDF5 file that names it
   * @param what its content, for messages
   * @throws org.ratescope.dataset.format.FormatException if it is elsewhere or missing
   */
  public static Path find(Hdf5File in, String name, String what) throws IOException {
    Path folder = in.path().toRealPath().resolveSibling("");
    String shown = name.replaceAll("\\p{C}", "?");
    IOException outside =
        in.error(
            "%s is in the file %s; expected a file in the folder of this one, %s"
                .formatted(
                    what, shown, "or below it, named without .. and not by a symbolic link"));
    Path given;
    try {
      given = folder.getFileSystem().getPath(name);
    } catch (InvalidPathException e) {
      throw outside;
    }
    if (name.isEmpty()
        || given.isAbsolute()
        || StreamSupport.stream(given.spliterator(), false).anyMatch(Path.of("..")::equals)) {
      throw outside;
    }
    Path found = folder.resolve(given);
    if (!Files.exists(found)) {
      throw in.error("%s is in the file %s, which is missing".formatted(what, shown));
    }
    Path real = found.toRealPath();
    if (!real.startsWith(folder)) {
      throw outside;
    }
    if (!Files.isRegularFile(real)) {
      throw in.error("%s is in %s; expected a file".formatted(what, shown));
    }
    return real;
  }
}
