package org.ratescope.plan;

import java.nio.file.Files;
import org.ratescope.record.Outcome;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunSummary;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Suite;

/** What a run that has a record still needs. */
public enum Need {
  /** It has ended, and all that is asked for is known. */
  NOTHING,

  /** Its kept weights are to be evaluated. */
  EVALUATION,

  /** It is to be evaluated, and its weights are gone. */
  WEIGHTS;

  /** What a run with that record still needs, as the suite asks for it. */
  public static Need of(RunSpec run, RunSummary record, Suite suite, RecordStore store) {
    if (!(record.outcome() instanceof Outcome.Finished)
        || (record.evaluation().covers(suite.evaluation(run))
            && store.hasDetails(run, suite.evaluation(run)))) {
      return NOTHING;
    }
    return Files.exists(store.weightsFile(run.id())) ? EVALUATION : WEIGHTS;
  }
}
