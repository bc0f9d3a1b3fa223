package org.ratescope.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Callable;

/** One pass over the images of a {@link StreamedSource}, in order. */
public interface ImageStream extends Closeable {

  /**
   * How many rows to take at once, at least 1: so many that the files' bytes are a few mebibytes.
   */
  int rowsAtOnce();

  /**
   * Takes the next rows from the files. Called by one thread, in order.
   *
   * @return work that any thread may do, at any later time: it makes these rows' images as they are
   *     kept, planes of rows of the source's {@link PixelType}, one image after the other
   * @throws IOException if a file is damaged, naming it and the place in it; so may the work
   */
  Callable<byte[]> next(int rows) throws IOException;
}
