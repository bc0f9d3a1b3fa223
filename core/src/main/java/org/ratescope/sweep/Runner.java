package org.ratescope.sweep;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunId;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Carries out a plan: on this machine, or on a cluster. */
public interface Runner {

  /**
   * Trains and evaluates the missing runs and writes one record for each. An interrupted call,
   * repeated, ends with the same records.
   *
   * @return how many runs of the plan did not finish (diverged or failed)
   * @throws IOException if the results folder or the data cannot be read or written
   * @throws InterruptedException if the calling thread is interrupted; finished runs keep their
   *     records
   * @throws IllegalArgumentException if a study asks for an estimator that is not there, or a split
   *     that its images do not allow
   */
  int run(Plan plan, Progress progress) throws IOException, InterruptedException;

  /** {@link #complete(Suite, Planner, Progress)} for one study. */
  default Plan complete(Study study, Planner planner, Progress progress)
      throws IOException, InterruptedException {
    return complete(Suite.of(study), planner, progress);
  }

  /**
   * Plans and carries out until no available work is missing: the runs of the grids, then those
   * that repeat diverged ones, and those whose weights are damaged.
   *
   * @return the remaining work: the declared runs compared with the results folder
   */
  default Plan complete(Suite suite, Planner planner, Progress progress)
      throws IOException, InterruptedException {
    return complete(suite, () -> planner.plan(suite), progress);
  }

  /**
   * Computes estimates again from the stored weights of the suite's finished runs, and trains those
   * again whose weights are damaged.
   *
   * @return the last plan; its notes name the runs that could not be evaluated
   */
  default Plan evaluate(Suite suite, Planner planner, Progress progress)
      throws IOException, InterruptedException {
    return complete(suite, () -> planner.evaluation(suite), progress);
  }

  /** Compares the requested work with the results folder. */
  @FunctionalInterface
  interface Planning {
    /** The remaining work. */
    Plan plan() throws IOException;
  }

  private Plan complete(Suite suite, Planning planning, Progress progress)
      throws IOException, InterruptedException {
    Plan before = planning.plan();
    int unused = run(before, progress);
    Set<RunId> grid = new HashSet<>();
    suite.runs().forEach(run -> grid.add(run.id()));
    Plan now = planning.plan();
    for (Plan rest = now.beyond(before); rest.isToDo(); rest = now.beyond(before)) {
      long repeats = rest.wanted().stream().filter(run -> !grid.contains(run)).count();
      if (repeats > 0) {
        progress.note(
            "%d runs that diverged are repeated in %s".formatted(repeats, precisions(suite)));
      }
      unused = run(rest, progress);
      before = before.and(rest);
      now = planning.plan();
    }
    return now;
  }

  private static String precisions(Suite suite) {
    return suite.studies().stream()
        .flatMap(study -> study.repeatDiverged().stream())
        .map(Precision::text)
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
