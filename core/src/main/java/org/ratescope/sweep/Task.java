package org.ratescope.sweep;

import java.io.IOException;
import java.util.List;
import org.ratescope.io.lease.Lease;

/**
 * A part of a plan that one worker carries out, and that no other process carries out at the same
 * time.
 */
interface Task {
  /** The names to lease: ids of runs or of analyses. */
  List<String> names();

  /**
   * Does the remaining work. Marks finished names ({@link Lease#done}); names that are unfinished
   * because the lease was lost are tried again.
   *
   * @param lease on the names
   * @param waited whether another process held one of them before
   * @return how many runs did not finish
   */
  int carryOut(Lease lease, boolean waited) throws IOException, InterruptedException;
}
