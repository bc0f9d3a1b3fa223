package org.ratescope.run;

import java.io.IOException;
import org.ratescope.study.Study;

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

  /**
   * Plans and carries out until nothing is missing: the runs of the grid, then those that repeat
   * diverged ones.
   */
  default void complete(Study study, Planner planner, Progress progress)
      throws IOException, InterruptedException {
    Plan plan = planner.plan(study);
    int unfinished = run(plan, progress);
    if (unfinished > 0 && study.repeatDiverged().isPresent()) {
      Plan repeats = planner.plan(study);
      if (repeats.isToDo()) {
        String precision = study.repeatDiverged().get().text();
        progress.note(
            "%d runs that diverged are repeated in %s".formatted(repeats.runsToTrain(), precision));
        int unused = run(repeats, progress);
      }
    }
  }
}
