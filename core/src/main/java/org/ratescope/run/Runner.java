package org.ratescope.run;

import java.io.IOException;
import java.util.stream.Collectors;
import org.ratescope.study.Precision;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

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

  /** {@link #complete(Suite, Planner, Progress)} for one study. */
  default void complete(Study study, Planner planner, Progress progress)
      throws IOException, InterruptedException {
    complete(Suite.of(study), planner, progress);
  }

  /**
   * Plans and carries out until nothing is missing that can be had: the runs of the grids, then
   * those that repeat diverged ones.
   */
  default void complete(Suite suite, Planner planner, Progress progress)
      throws IOException, InterruptedException {
    Plan plan = planner.plan(suite);
    int unfinished = run(plan, progress);
    if (unfinished > 0 && suite.repeatsDiverged()) {
      Plan repeats = planner.plan(suite).beyond(plan);
      if (repeats.isToDo()) {
        String precisions =
            suite.studies().stream()
                .flatMap(study -> study.repeatDiverged().stream())
                .map(Precision::text)
                .distinct()
                .collect(Collectors.joining(", "));
        progress.note(
            "%d runs that diverged are repeated in %s"
                .formatted(repeats.runsToTrain(), precisions));
        int unused = run(repeats, progress);
      }
    }
  }
}
