package org.ratescope.sweep;

import java.io.IOException;

/** A sweep was stopped since more of its runs failed than its caller allows. */
public final class TooManyFailuresException extends IOException {
  private static final long serialVersionUID = 1;

  /** So many failed, and so many were allowed. */
  public TooManyFailuresException(int failed, int allowed) {
    super(
        "stopped: %d runs failed, allowed: %d. What was finished is kept, and what was begun goes on from its checkpoint"
            .formatted(failed, allowed));
  }
}
