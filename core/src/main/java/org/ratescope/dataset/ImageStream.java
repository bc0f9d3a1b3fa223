package org.ratescope.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Callable;

/** One pass over the images of a {@link StreamedSource}, in order. */
public interface ImageStream extends Closeable {

  /** Number of rows to read at once, at least 1, such that their bytes are a few mebibytes. */
  int rowsAtOnce();

  /**
   * Reads the next rows from the files. Called by one thread, in order.
   *
   * @return work that any thread may do, at any later time: it converts these rows to their stored
   *     form, planes of rows of the source's {@link PixelType}, one image after the other
   * @throws IOException if a file is damaged, with its name and the position; the work may throw it
   *     too
   */
  Callable<byte[]> next(int rows) throws IOException;
}
