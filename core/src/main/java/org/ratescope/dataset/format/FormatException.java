package org.ratescope.dataset.format;

import java.io.IOException;
import java.io.Serial;

/**
 * A file with an invalid or unsupported content; the message gives the file, the position in it,
 * and the fault.
 */
public final class FormatException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * @param where the file, with its entry if it has several
   * @param message the fault and its offset
   */
  public FormatException(String where, String message) {
    super(where + ": " + message);
  }

  /** The same for a failure that another component reported. */
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
