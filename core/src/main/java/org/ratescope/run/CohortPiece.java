package org.ratescope.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ratescope.lease.Lease;
import org.ratescope.plan.Formation;
import org.ratescope.record.Outcome;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunRecord;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;
import org.ratescope.train.Cohort;
import org.ratescope.vae.Weights;

/**
 * A cohort of a plan. Other processes may have recorded some of its runs since the plan was made;
 * what is left is then formed into cohorts again.
 */
final class CohortPiece implements Piece {
  private final CohortRunner runner;
  private final RecordStore store;
  private final Cohort cohort;
  private final List<RunSpec> wanted;
  private final Progress progress;

  CohortPiece(
      CohortRunner runner, RecordStore store, Cohort cohort, Set<RunId> wanted, Progress progress) {
    this.runner = runner;
    this.store = store;
    this.cohort = cohort;
    this.wanted = cohort.runs().stream().filter(run -> wanted.contains(run.id())).toList();
    this.progress = progress;
  }

  @Override
  public List<String> names() {
    return wanted.stream().map(run -> run.id().hex()).toList();
  }

  @Override
  public int carryOut(Lease lease, boolean waited) throws IOException, InterruptedException {
    Set<RunId> missing = new HashSet<>();
    Set<RunId> damaged = new HashSet<>();
    for (RunSpec run : wanted) {
      Optional<RunRecord> record = read(run, damaged);
      if (record.isEmpty()) {
        missing.add(run.id());
      } else if (needsWeights(run, record.get())) {
        missing.add(run.id());
        damaged.add(run.id());
      } else {
        lease.done(run.id().hex());
        progress.recorded(record.get()); // by another process
      }
    }
    List<Cohort> cohorts = cohorts(missing, damaged);
    long steps = cohorts.stream().mapToLong(Cohort::modelSteps).sum();
    progress.resumed(cohort.modelSteps() - steps);
    int unfinished = 0;
    for (Cohort part : cohorts) {
      unfinished += runner.run(part, missing, Claim.by(lease), progress);
    }
    return unfinished;
  }

  /** Whether a recorded run is to be trained all the same: without its weights it is not whole. */
  private boolean needsWeights(RunSpec run, RunRecord record) {
    try {
      if (Files.exists(store.weightsFile(run.id()))) {
        Weights.check(store.weightsFile(run.id()), run);
        return false;
      }
      return record.outcome() instanceof Outcome.Finished;
    } catch (IOException e) {
      return true;
    }
  }

  private Optional<RunRecord> read(RunSpec run, Set<RunId> damaged) {
    try {
      return store.read(run.id());
    } catch (IOException e) {
      damaged.add(run.id());
      return Optional.empty();
    }
  }

  private List<Cohort> cohorts(Set<RunId> missing, Set<RunId> damaged) throws IOException {
    if (missing.size() == wanted.size()) {
      return List.of(cohort);
    }
    return missing.isEmpty()
        ? new ArrayList<>()
        : new Formation(List.of(cohort), store).of(missing, damaged);
  }
}
