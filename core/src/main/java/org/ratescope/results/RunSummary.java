package org.ratescope.results;

import java.util.List;
import org.ratescope.spec.RunId;
import org.ratescope.study.Evaluation;

/**
 * The head of a record: what planning and counting ask of thousands of runs.
 *
 * @param outcome how the run ended
 * @param evaluation what was requested
 * @param provenance the data it saw, and the runs it was trained with
 */
public record RunSummary(Outcome outcome, Evaluation evaluation, Provenance provenance) {
  public static RunSummary of(RunRecord record) {
    return new RunSummary(record.outcome(), record.evaluation(), record.provenance());
  }

  /** The runs it was trained with, in order. */
  public List<RunId> cohort() {
    return provenance.cohort();
  }
}
