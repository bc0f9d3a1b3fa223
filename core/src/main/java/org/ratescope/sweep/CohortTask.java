package org.ratescope.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ratescope.io.lease.Lease;
import org.ratescope.model.WeightsFile;
import org.ratescope.plan.CohortBuilder;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.train.Cohort;

/**
 * A cohort of a plan. Other processes may have recorded some of its runs since the plan was made;
 * the remaining runs then form cohorts again.
 */
final class CohortTask implements Task {
  private final CohortRunner runner;
  private final RecordStore store;
  private final Cohort cohort;
  private final List<RunSpec> wanted;
  private final Progress progress;

  CohortTask(
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
        progress.accept(new ProgressEvent.RunRecorded(record.get())); // by another process
      }
    }
    List<Cohort> cohorts = cohorts(missing, damaged);
    long steps = cohorts.stream().mapToLong(Cohort::modelSteps).sum();
    progress.accept(CohortTasks.notMade(cohort, cohort.modelSteps() - steps));
    int unfinished = 0;
    for (Cohort part : cohorts) {
      unfinished += runner.run(part, missing, WriteGuard.by(lease), progress);
    }
    return unfinished;
  }

  /** Whether a recorded run must be trained again because its weights are missing. */
  private boolean needsWeights(RunSpec run, RunRecord record) {
    try {
      if (Files.exists(store.weightsFile(run.id()))) {
        WeightsFile.check(store.weightsFile(run.id()), run);
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
        : new CohortBuilder(List.of(cohort), store).of(missing, damaged);
  }
}
