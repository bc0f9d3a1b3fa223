package org.ratescope.record;

import java.util.List;
import org.ratescope.study.Evaluation;
import org.ratescope.study.RunId;

/**
 * The head of a record: what planning and counting ask of thousands of runs.
 *
 * @param outcome how the run ended
 * @param evaluation what was asked for
 * @param provenance the data it saw, and the runs it was trained with
 */
public record RunSummary(Outcome outcome, Evaluation evaluation, Provenance provenance) {
  static RunSummary of(RunRecord record) {
    return new RunSummary(record.outcome(), record.evaluation(), record.provenance());
  }

  /** The runs it was trained with, in order. */
  public List<RunId> cohort() {
    return provenance.cohort();
  }
}
