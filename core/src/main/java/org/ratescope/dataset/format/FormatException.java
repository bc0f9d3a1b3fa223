package org.ratescope.dataset.format;

import java.io.IOException;
import java.io.Serial;

/** A file that is not what it must be; the message names it, the place in it, and what is wrong. */
public final class FormatException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * @param where the file, with its entry if it has several
   * @param message what is wrong, and at which offset
   */
  public FormatException(String where, String message) {
    super(where + ": " + message);
  }

  /** The same for a failure that something else noticed. */
  public FormatException(String where, String message, Throwable cause) {
    super(where + ": " + message, cause);
  }

  /** Throws unless the condition holds. */
  public static void require(boolean condition, String where, String message)
      throws FormatException {
    if (!condition) {
      throw new FormatException(where, message);
    }
  }
}
