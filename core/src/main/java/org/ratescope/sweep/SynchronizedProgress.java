package org.ratescope.sweep;

import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Outcome;

/** Passes the events of many workers on, one at a time, and counts the runs that failed. */
final class SynchronizedProgress implements Progress {
  private final Progress progress;
  private int failed;

  SynchronizedProgress(Progress progress) {
    this.progress = progress;
  }

  @Override
  public synchronized void accept(ProgressEvent event) {
    if (event instanceof ProgressEvent.RunRecorded recorded
        && recorded.record().outcome() instanceof Outcome.Failed) {
      failed++;
    }
    try {
      progress.accept(event);
    } catch (RuntimeException e) { // not a failure of the runs, which would record it as theirs
      throw new AssertionError("a listener to the sweep failed: " + e, e);
    }
  }

  /** How many of the recorded runs have failed. */
  synchronized int failed() {
    return failed;
  }
}
