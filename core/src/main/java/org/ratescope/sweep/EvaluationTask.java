package org.ratescope.sweep;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ratescope.io.lease.Lease;
import org.ratescope.plan.PendingRuns;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Evaluation;

/** A run of a plan whose stored weights are to be evaluated. */
record EvaluationTask(DatasetContext workplace, RunSpec run, Progress progress) implements Task {
  @Override
  public List<String> names() {
    return List.of(run.id().hex());
  }

  @Override
  public int carryOut(Lease lease, boolean waited) throws IOException {
    RecordStore store = workplace.store();
    if (waited) {
      Evaluation asked = workplace.suite().evaluation(run);
      Optional<RunRecord> record = store.read(run.id());
      if (record.isPresent()
          && PendingRuns.of(run, record.get().summary(), asked, store) == PendingRuns.NOTHING) {
        lease.done(run.id().hex());
        progress.accept(new ProgressEvent.RunRecorded(record.get()));
        return 0;
      }
    }
    return new EvaluationTasks(workplace, run, WriteGuard.by(lease), progress).call();
  }
}
