package org.ratescope.sweep;

import java.io.IOException;

/** Stops the sweep when more than the allowed number of runs have failed. */
public final class TooManyFailuresException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param failed number of failed runs
   * @param allowed maximum number
   */
  public TooManyFailuresException(int failed, int allowed) {
    super(
        "stopped: %d runs failed, more than the limit of %d. Finished runs keep their records; the next call resumes the others from their checkpoints"
            .formatted(failed, allowed));
  }
}
