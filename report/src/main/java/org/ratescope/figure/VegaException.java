package org.ratescope.figure;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The message of Vega or Vega-Lite about a spec that it cannot draw. */
final class VegaException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  VegaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
