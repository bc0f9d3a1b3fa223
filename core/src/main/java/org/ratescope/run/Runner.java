package org.ratescope.run;

import java.io.IOException;

/** Carries out a plan: on this machine, or on a cluster. */
public interface Runner {

  /**
   * Does what is missing and leaves one record for each run. A killed call, repeated, ends with the
   * same records.
   *
   * @return how many runs of the plan did not finish (diverged or failed)
   * @throws IOException if the results folder or the data cannot be read or written
   * @throws InterruptedException if the calling thread is interrupted; what was finished is kept
   */
  int run(Plan plan, Progress progress) throws IOException, InterruptedException;
}
