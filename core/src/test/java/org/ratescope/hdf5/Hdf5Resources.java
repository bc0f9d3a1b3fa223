package org.ratescope.hdf5;

import java.io.IOException;
import java.nio.file.Path;
import org.ratescope.format.Written;

/** The HDF5 fixtures, for tests of other packages. */
public final class Hdf5Resources {
  private Hdf5Resources() {}

  /** A fixture as a file. */
  public static Path file(String name, Path folder) throws IOException {
    return Written.resource(Hdf5Resources.class, name, folder);
  }
}
