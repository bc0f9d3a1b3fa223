package org.ratescope.dataset.hdf5;

import java.io.IOException;
import java.nio.file.Path;
import org.ratescope.dataset.format.WrittenFiles;

/** The HDF5 fixtures, for tests of other packages. */
public final class Hdf5Resources {
  private Hdf5Resources() {}

  /** The images in the fixtures, see README.md beside them. */
  static byte[] pixels(int images) {
    byte[] pixels = new byte[images * 6 * 5 * 3];
    for (int i = 0; i < pixels.length; i++) {
      int channel = i % 3;
      int column = i / 3 % 5;
      int row = i / 3 / 5 % 6;
      int n = i / 3 / 5 / 6;
      pixels[i] = (byte) ((5 * n + row + 2 * column + 40 * channel) % 251);
    }
    return pixels;
  }

  /** A fixture as a file. */
  public static Path file(String name, Path folder) throws IOException {
    return WrittenFiles.resource(Hdf5Resources.class, name, folder);
  }
}
