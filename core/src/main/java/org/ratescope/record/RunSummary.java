package org.ratescope.record;

import java.util.List;
import org.ratescope.study.Evaluation;
import org.ratescope.study.RunId;

/**
 * The head of a record: what planning and counting ask of thousands of runs.
 *
 * @param outcome how the run ended
 * @param evaluation what was asked for
 * @param dataSha256 the images it saw
 * @param cohort the runs it was trained with, in order
 */
public record RunSummary(
    Outcome outcome, Evaluation evaluation, String dataSha256, List<RunId> cohort) {
  public RunSummary {
    cohort = List.copyOf(cohort);
  }

  static RunSummary of(RunRecord record) {
    return new RunSummary(
        record.outcome(),
        record.evaluation(),
        record.provenance().dataSha256(),
        record.provenance().cohort());
  }
}
