package org.ratescope.sweep;

import java.io.IOException;

/** A sweep was stopped since more of its runs failed than its caller allows. */
public final class TooManyFailuresException extends IOException {
  private static final long serialVersionUID = 1;

  /** So many failed, and so many were allowed. */
  public TooManyFailuresException(int failed, int allowed) {
    super(
        "stopped: %d runs failed, more than the limit of %d. Finished runs keep their records; the next call resumes the others from their checkpoints"
            .formatted(failed, allowed));
  }
}
