package org.ratescope.run;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.study.Precision;
import org.ratescope.study.RunId;
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
   * those that repeat diverged ones, and those whose weights turned out to be damaged.
   */
  default void complete(Suite suite, Planner planner, Progress progress)
      throws IOException, InterruptedException {
    Plan plan = planner.plan(suite);
    int unused = run(plan, progress);
    Set<RunId> grid = new HashSet<>();
    suite.runs().forEach(run -> grid.add(run.id()));
    Plan rest = planner.plan(suite).beyond(plan);
    while (rest.isToDo()) {
      long repeats = rest.wanted().stream().filter(run -> !grid.contains(run)).count();
      if (repeats > 0) {
        progress.note(
            "%d runs that diverged are repeated in %s".formatted(repeats, precisions(suite)));
      }
      unused = run(rest, progress);
      plan = plan.and(rest);
      rest = planner.plan(suite).beyond(plan);
    }
  }

  private static String precisions(Suite suite) {
    return suite.studies().stream()
        .flatMap(study -> study.repeatDiverged().stream())
        .map(Precision::text)
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
