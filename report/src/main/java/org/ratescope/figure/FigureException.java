package org.ratescope.figure;

import java.io.Serial;

/** A figure that cannot be drawn. The message names the file, and the line if there is one. */
public final class FigureException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  FigureException(String message) {
    super(message);
  }

  FigureException(String message, Throwable cause) {
    super(message, cause);
  }
}
