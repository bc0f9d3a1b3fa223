package org.ratescope.progress;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.ratescope.plan.Plan;
import org.ratescope.progress.ProgressSnapshot.Runs;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

/**
 * Counts what a runner tells and knows how fast it goes. Speeds are averages that forget: a step
 * counts by e^(-age/T), with T = 10 s for the speed shown and 60 s for the time that remains.
 */
public final class ProgressMeter implements Progress {
  private static final double NANOS = 1e9;
  private static final String LAST_ESTIMATES = "estimating the last runs";

  /** Before this, a speed would be noise. */
  private static final double SETTLED_SECONDS = 1;

  private final LongSupplier nanoTime;
  private final ForgetfulMean shown = new ForgetfulMean(10);
  private final ForgetfulMean forecast = new ForgetfulMean(60);
  private String what = "";
  private long began;
  private long sampled;
  private long sampledDone;
  private long done;
  private long total = 1;
  private ProgressSnapshot.Unit unit = ProgressSnapshot.Unit.THINGS;
  private boolean estimatesOnly; // no run is trained: progress is counted in runs
  private int finished;
  private final Set<RunId> running = new HashSet<>();
  private int diverged;
  private int failed;
  private int runs;

  /** A meter that nothing was told yet; {@code nanoTime} as {@link System#nanoTime} gives it. */
  public ProgressMeter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
    this.sampled = began;
  }

  @Override
  public synchronized void accept(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.Preparing(String work, long units, long all) -> {
        if (!work.equals(what)) {
          restart(work, all);
        }
        done = units;
      }
      case ProgressEvent.Transferring(String file, long bytes, long all) -> {
        if (!file.equals(what)) {
          restart(file, all);
          sampledDone = bytes;
          unit = ProgressSnapshot.Unit.BYTES;
        }
        total = all;
        done = bytes;
      }
      case ProgressEvent.SweepStarted(Plan plan) -> begin(plan);
      case ProgressEvent.RunsStarted(List<RunSpec> begun) ->
          begun.forEach(run -> running.add(run.id()));
      case ProgressEvent.StepsResumed(long modelSteps) -> {
        done += modelSteps;
        sampledDone += modelSteps;
      }
      case ProgressEvent.StepsMade(long modelSteps) -> done += modelSteps;
      case ProgressEvent.RunRecorded(RunRecord record) -> ended(record);
      case ProgressEvent.LossTraced point -> {}
      case ProgressEvent.Note note -> {}
    }
  }

  private void begin(Plan plan) {
    estimatesOnly = plan.cohorts().isEmpty();
    if (estimatesOnly) {
      restart("estimating", plan.evaluations().size());
    } else {
      restart("training", plan.modelSteps());
    }
    finished = plan.done().size();
    runs = plan.runs();
  }

  private void restart(String newWhat, long newTotal) {
    what = newWhat;
    total = newTotal;
    done = 0;
    began = nanoTime.getAsLong();
    sampled = began;
    sampledDone = 0;
    unit = ProgressSnapshot.Unit.THINGS;
    shown.clear();
    forecast.clear();
  }

  private void ended(RunRecord record) {
    running.remove(record.id());
    done += estimatesOnly ? 1 : 0;
    switch (record.outcome()) {
      case Outcome.Finished ended -> finished++;
      case Outcome.Diverged ended -> diverged++;
      case Outcome.Failed ended -> failed++;
    }
  }

  /** How far the call has come now. */
  public synchronized ProgressSnapshot stage() {
    long now = nanoTime.getAsLong();
    double seconds = (now - sampled) / NANOS;
    if (seconds > 0) {
      double advance = (double) (done - sampledDone);
      shown.add(advance, seconds);
      forecast.add(advance, seconds);
      sampled = now;
      sampledDone = done;
    }
    double elapsed = (now - began) / NANOS;
    if (awaitsEstimates()) {
      return new ProgressSnapshot(
          LAST_ESTIMATES, finished + diverged + failed, runs, counts(), 0, elapsed, -1, unit);
    }
    boolean settled = elapsed >= SETTLED_SECONDS && done > 0;
    return new ProgressSnapshot(
        what,
        done,
        total,
        counts(),
        settled && !estimatesOnly ? shown.mean() : 0,
        elapsed,
        settled && forecast.mean() > 0 ? (total - done) / forecast.mean() : -1,
        unit);
  }

  /**
   * Whether all updates are made, and what is left is to estimate: no step tells how far that is.
   */
  private boolean awaitsEstimates() {
    return runs > 0 && !estimatesOnly && done >= total && !running.isEmpty();
  }

  private Runs counts() {
    return new Runs(finished, running.size(), diverged, failed, runs);
  }

  /** A rate whose past fades. */
  private static final class ForgetfulMean {
    private final double memorySeconds;
    private double amount;
    private double weight;

    ForgetfulMean(double memorySeconds) {
      this.memorySeconds = memorySeconds;
    }

    void clear() {
      amount = 0;
      weight = 0;
    }

    void add(double newAmount, double seconds) {
      double kept = Math.exp(-seconds / memorySeconds);
      amount = amount * kept + newAmount;
      weight = weight * kept + seconds;
    }

    double mean() {
      return weight > 0 ? amount / weight : 0;
    }
  }
}
