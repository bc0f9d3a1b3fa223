package org.ratescope.run;

import java.util.List;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.train.Cohort;

/**
 * What is to be done for a study: runs whose records are complete, runs that are trained but lack
 * estimates, and the cohorts that train the rest.
 *
 * @param study the study
 * @param done runs that need nothing
 * @param evaluations runs whose kept weights are to be evaluated again
 * @param cohorts runs to be trained, in the order they are started
 * @param notes what a person should know, such as a damaged record that is made again
 */
public record Plan(
    Study study,
    List<RunSpec> done,
    List<RunSpec> evaluations,
    List<Cohort> cohorts,
    List<String> notes) {
  public Plan {
    done = List.copyOf(done);
    evaluations = List.copyOf(evaluations);
    cohorts = List.copyOf(cohorts);
    notes = List.copyOf(notes);
  }

  /** All runs of the study. */
  public int runs() {
    return done.size() + evaluations.size() + runsToTrain();
  }

  /** Whether anything is to be done. */
  public boolean isToDo() {
    return !cohorts.isEmpty() || !evaluations.isEmpty();
  }

  /** Runs that are to be trained. */
  public int runsToTrain() {
    return cohorts.stream().mapToInt(Cohort::size).sum();
  }

  /** Updates to be made, counted per model. */
  public long modelSteps() {
    return cohorts.stream().mapToLong(Cohort::modelSteps).sum();
  }
}
