package org.ratescope.statistic;

import java.io.Serial;

/** There are too few runs for a verdict. The message names the missing ones. */
public final class NotEnoughRuns extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** The missing runs, in words. */
  public NotEnoughRuns(String message) {
    super(message);
  }
}
