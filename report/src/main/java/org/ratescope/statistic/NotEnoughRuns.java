package org.ratescope.statistic;

import java.io.Serial;

/** Runs that are too few to say something. The message says what is missing. */
public final class NotEnoughRuns extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** What is missing, in words. */
  public NotEnoughRuns(String message) {
    super(message);
  }
}
