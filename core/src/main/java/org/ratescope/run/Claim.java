package org.ratescope.run;

import java.io.IOException;
import org.ratescope.lease.Lease;
import org.ratescope.study.RunId;

/** The right to write the records of runs, which may be lost while they are trained. */
interface Claim {
  /** Nobody else works in the folder, or whoever calls sees to it. */
  Claim UNDISPUTED =
      new Claim() {
        @Override
        public boolean holds(RunId run) {
          return true;
        }

        @Override
        public void done(RunId run) {}
      };

  /** By a lease on the runs' ids. */
  static Claim by(Lease lease) {
    return new Claim() {
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
