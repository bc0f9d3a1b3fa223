package org.ratescope.sweep;

import java.io.IOException;
import org.ratescope.io.lease.Lease;
import org.ratescope.spec.RunId;

/** The right to write the records of runs, which a process may lose while it trains them. */
interface WriteGuard {
  /** No other process works in the folder, or the caller ensures that. */
  WriteGuard UNDISPUTED =
      new WriteGuard() {
        @Override
        public boolean holds(RunId run) {
          return true;
        }

        @Override
        public void done(RunId run) {}
      };

  /** By a lease on the runs' ids. */
  static WriteGuard by(Lease lease) {
    return new WriteGuard() {
      @Override
      public boolean holds(RunId run) {
        return lease.holds(run.hex());
      }

      @Override
      public void done(RunId run) throws IOException {
        lease.done(run.hex());
      }
    };
  }

  /** The message about a run whose record this process may no longer write. */
  static String lost(RunId run) {
    return "run %s was taken over by another process, or its lease was deleted: its results are not written here"
        .formatted(run);
  }

  /** Whether this process may write the run's record now. */
  boolean holds(RunId run);

  /** Reports that the run's record is written. */
  void done(RunId run) throws IOException;
}
