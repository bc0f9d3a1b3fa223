package org.ratescope.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;
import org.ratescope.train.Cohort;

/**
 * The driver's state of one cohort that is trained elsewhere, reported to a {@link Progress} as if
 * it were trained here. An attempt that repeats steps of a lost one reports nothing until it has
 * more steps, and of two attempts at the same time the one ahead counts: no step and no loss is
 * reported twice.
 */
final class AttemptMerger {
  private final List<RunSpec> runs;
  private final List<RunSpec> wanted;
  private final long modelSteps;
  private final double operations; // of one model-step
  private final Progress progress;
  private final Map<Long, Counts> attempts = new HashMap<>();
  private final int[] tracedUpTo;
  private long told;

  /** The progress of an attempt in its last message. */
  private record Counts(long resumed, long position) {}

  /**
   * For a cohort.
   *
   * @param runs its runs, in order
   * @param wanted those without a record
   * @param modelSteps number of updates, counted for each model
   */
  AttemptMerger(List<RunSpec> runs, List<RunSpec> wanted, long modelSteps, Progress progress) {
    Cohort cohort = new Cohort(runs);
    this.operations = Planner.cohortOperations(cohort) / cohort.modelSteps();
    this.runs = List.copyOf(runs);
    this.wanted = List.copyOf(wanted);
    this.modelSteps = modelSteps;
    this.progress = progress;
    this.tracedUpTo = new int[runs.size()];
    java.util.Arrays.fill(tracedUpTo, -1);
  }

  void heard(ExecutorMessage.News news) {
    Counts before = attempts.get(news.attempt());
    if (before == null) {
      if (attempts.isEmpty()) { // a later attempt continues the curves: no point is told twice
        progress.accept(new ProgressEvent.RunsStarted(wanted));
      }
      before = new Counts(0, 0);
    }
    long position = news.resumed() + news.advanced();
    if (position >= before.position()) {
      attempts.put(news.attempt(), new Counts(news.resumed(), position));
      tell(position, news.resumed() - before.resumed());
    }
    new ArrayList<>(news.traces()).forEach(this::trace);
    news.notes().forEach(progress::note);
  }

  /** A run's record exists: reports points of its loss curve whose messages arrived too late. */
  void recorded(RunRecord record) {
    int k = runs.indexOf(record.spec());
    record.trace().forEach(point -> trace(ExecutorMessage.Traced.of(k, point)));
    progress.accept(new ProgressEvent.RunRecorded(record));
  }

  /** The task has ended: the remaining steps will not be made. */
  void ended() {
    tell(modelSteps, modelSteps);
  }

  private void tell(long position, long notMade) {
    long fresh = Math.min(position, modelSteps) - told;
    if (fresh > 0) {
      long resumed = Math.clamp(notMade, 0, fresh);
      if (resumed > 0) {
        progress.accept(new ProgressEvent.StepsResumed(resumed, resumed * operations));
      }
      if (fresh > resumed) {
        progress.accept(
            new ProgressEvent.StepsMade(fresh - resumed, (fresh - resumed) * operations));
      }
      told += fresh;
    }
  }

  private void trace(ExecutorMessage.Traced traced) {
    if (traced.step() > tracedUpTo[traced.k()]) {
      tracedUpTo[traced.k()] = traced.step();
      progress.accept(new ProgressEvent.LossTraced(runs.get(traced.k()), traced.point()));
    }
  }
}
