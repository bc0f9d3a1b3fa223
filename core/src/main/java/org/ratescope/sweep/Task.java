package org.ratescope.sweep;

import java.io.IOException;
import java.util.List;
import org.ratescope.io.lease.Lease;

/** A piece of a plan that one worker does, while no other process does it. */
interface Task {
  /** What it must hold: ids of runs or of questions. */
  List<String> names();

  /**
   * Does what is still to be done. What is done is given back ({@link Lease#done}); what is not,
   * since the lease was lost, is tried again.
   *
   * @param lease on the names
   * @param waited whether another process held one of them before
   * @return how many runs did not finish
   */
  int carryOut(Lease lease, boolean waited) throws IOException, InterruptedException;
}
