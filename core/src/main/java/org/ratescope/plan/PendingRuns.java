package org.ratescope.plan;

import java.io.IOException;
import java.nio.file.Files;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunSummary;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Evaluation;

/** The remaining work of a run with a record. */
public enum PendingRuns {
  /** It has ended, and has all requested estimates. */
  NOTHING,

  /** Its stored weights are to be evaluated. */
  EVALUATION,

  /** It is to be evaluated, and its weights are missing. */
  WEIGHTS;

  /** The remaining work of a run with that record; damaged details count as missing. */
  public static PendingRuns of(
      RunSpec run, RunSummary record, Evaluation asked, RecordStore store) {
    try {
      store.checkDetails(run, asked);
      return of(run, record, asked, store.hasDetails(run, asked), store);
    } catch (IOException e) {
      return of(run, record, asked, false, store);
    }
  }

  static PendingRuns of(
      RunSpec run, RunSummary record, Evaluation asked, boolean hasDetails, RecordStore store) {
    if (!(record.outcome() instanceof Outcome.Finished)
        || (record.evaluation().covers(asked) && hasDetails)) {
      return NOTHING;
    }
    return Files.exists(store.weightsFile(run.id())) ? EVALUATION : WEIGHTS;
  }
}
