package org.ratescope.claim;

import java.io.Serial;

/** Records that lack what a claim needs. The message says what is missing. */
public final class NotEnoughRuns extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  NotEnoughRuns(String message) {
    super(message);
  }
}
