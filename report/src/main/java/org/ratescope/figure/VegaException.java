package org.ratescope.figure;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What Vega or Vega-Lite says of a spec it cannot draw. */
final class VegaException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  VegaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
