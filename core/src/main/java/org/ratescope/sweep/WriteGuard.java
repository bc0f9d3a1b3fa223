package org.ratescope.sweep;

import java.io.IOException;
import org.ratescope.io.lease.Lease;
import org.ratescope.spec.RunId;

/** The right to write the records of runs, which may be lost while they are trained. */
interface WriteGuard {
  /** Nobody else works in the folder, or whoever calls sees to it. */
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

  /** Whether the run's record may be written now. */
  boolean holds(RunId run);

  /** The run's record is written. */
  void done(RunId run) throws IOException;
}
