package org.ratescope.sweep;

import java.util.List;
import org.ratescope.plan.Plan;
import org.ratescope.progress.Progress;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;

/** Forwards progress calls from many workers, one at a time. */
final class SynchronizedProgress implements Progress {
  private final Progress progress;
  private int failed;

  SynchronizedProgress(Progress progress) {
    this.progress = progress;
  }

  @Override
  public synchronized void preparing(String what, long done, long total) {
    progress.preparing(what, done, total);
  }

  @Override
  public synchronized void begin(Plan plan) {
    progress.begin(plan);
  }

  @Override
  public synchronized void started(List<RunSpec> runs) {
    progress.started(runs);
  }

  @Override
  public synchronized void resumed(long modelSteps) {
    progress.resumed(modelSteps);
  }

  @Override
  public synchronized void advanced(long modelSteps) {
    progress.advanced(modelSteps);
  }

  @Override
  public synchronized void traced(RunSpec run, LossPoint point) {
    progress.traced(run, point);
  }

  @Override
  public synchronized void recorded(RunRecord record) {
    failed += record.outcome() instanceof Outcome.Failed ? 1 : 0;
    progress.recorded(record);
  }

  @Override
  public synchronized void note(String message) {
    progress.note(message);
  }

  /** How many of the recorded runs have failed. */
  synchronized int failed() {
    return failed;
  }
}
