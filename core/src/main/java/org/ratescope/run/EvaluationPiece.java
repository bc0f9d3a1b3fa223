package org.ratescope.run;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ratescope.lease.Lease;
import org.ratescope.plan.Need;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunRecord;
import org.ratescope.study.Evaluation;
import org.ratescope.study.RunSpec;

/** A run of a plan whose kept weights are to be evaluated. */
record EvaluationPiece(Workplace workplace, RunSpec run, Progress progress) implements Piece {
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
          && Need.of(run, record.get().summary(), asked, store) == Need.NOTHING) {
        lease.done(run.id().hex());
        progress.recorded(record.get());
        return 0;
      }
    }
    return new EvaluationWork(workplace, run, Claim.by(lease), progress).call();
  }
}
