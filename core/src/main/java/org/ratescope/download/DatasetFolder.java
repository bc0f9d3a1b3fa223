package org.ratescope.download;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of a named data set's raw files: {@code NAME/} in the data root. */
public final class DatasetFolder {
  private final Path folder;
  private final String name;

  private DatasetFolder(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** The folder of that data set, which need not exist. */
  public static DatasetFolder of(Path root, String name) {
    return new DatasetFolder(root.resolve(name), name);
  }

  /**
   * A raw file, as it was published or unpacked.
   *
   * @param logicalName its name without {@code .gz}
   * @throws IOException if neither is there, saying which files were looked for and how to get them
   */
  public Path file(String logicalName) throws IOException {
    for (String candidate : new String[] {logicalName, logicalName + ".gz"}) {
      Path file = folder.resolve(candidate);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new FileNotFoundException(
        ("%s: looked for %s and %s.gz in %s; 'ratescope data get %s' fetches the files, 'ratescope data get"
                + " %s --from PATH' takes those you have")
            .formatted(name, logicalName, logicalName, folder, name, name));
  }
}
