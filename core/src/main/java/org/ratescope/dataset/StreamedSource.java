package org.ratescope.dataset;

import java.io.IOException;

/** A source that reads its images from files, in the order of its rows. */
public non-sealed interface StreamedSource extends ImageSource {

  /**
   * Opens the files for one pass from the first row.
   *
   * @throws IOException if a file cannot be opened, with its name
   */
  ImageStream open() throws IOException;
}
