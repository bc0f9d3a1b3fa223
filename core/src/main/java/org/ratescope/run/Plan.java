package org.ratescope.run;

import java.util.List;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.train.Cohort;

/**
 * What is to be done for a study: the runs whose records exist, and the cohorts that make the
 * missing ones.
 *
 * @param study the study
 * @param done runs that need nothing
 * @param cohorts work, in the order it is started
 */
public record Plan(Study study, List<RunSpec> done, List<Cohort> cohorts) {
  public Plan {
    done = List.copyOf(done);
    cohorts = List.copyOf(cohorts);
  }

  /** Updates to be made, counted per model. */
  public long modelSteps() {
    return cohorts.stream().mapToLong(Cohort::modelSteps).sum();
  }
}
