package org.ratescope.progress;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.ratescope.plan.Plan;
import org.ratescope.progress.ProgressSnapshot.Runs;
import org.ratescope.progress.ProgressSnapshot.Unit;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunId;

/**
 * Counts progress events and measures the speed of the work. A speed is an average over time in
 * which a step of age t counts by e^(-t/T), with T = 10 s for the speed that is shown and 60 s for
 * the forecast of the remaining time, which is at least the mean speed since the work began.
 * Updates of large networks take longer: the forecast counts their floating-point operations.
 */
public final class ProgressMeter implements Progress {
  private static final double NANOS = 1e9;

  /** Before this, a speed would be noise. */
  private static final double SETTLED_SECONDS = 1;

  private final LongSupplier nanoTime;
  private final Set<RunId> running = new HashSet<>();
  private final Set<RunId> estimating = new HashSet<>();
  private long estimatingSince;
  private double estimatingSeconds; // with at least one run whose estimates were computed
  private int estimated;
  private Stage stage;
  private boolean estimatesOnly; // nothing is to be trained: progress counts runs
  private int finished;
  private int diverged;
  private int failed;
  private int runs;

  /** A meter without events; {@code nanoTime} as {@link System#nanoTime} gives it. */
  public ProgressMeter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.stage = new Stage("", 0, 1, 1, Unit.THINGS, nanoTime.getAsLong());
  }

  @Override
  public synchronized void accept(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.Preparing preparing ->
          advanceTo(preparing.what(), preparing.done(), preparing.total(), Unit.THINGS);
      case ProgressEvent.Transferring transferring ->
          advanceTo(transferring.what(), transferring.bytes(), transferring.total(), Unit.BYTES);
      case ProgressEvent.SweepStarted sweepStarted -> begin(sweepStarted);
      case ProgressEvent.RunsStarted runsStarted ->
          runsStarted.runs().forEach(run -> running.add(run.id()));
      case ProgressEvent.StepsResumed stepsResumed -> {
        stage.advance(stepsResumed.modelSteps(), stepsResumed.operations());
        stage.sampledDone += stepsResumed.modelSteps();
        stage.sampledWork += stepsResumed.operations();
      }
      case ProgressEvent.StepsMade stepsMade ->
          stage.advance(stepsMade.modelSteps(), stepsMade.operations());
      case ProgressEvent.EstimatesStarted started -> {
        estimatingSince = estimating.isEmpty() ? nanoTime.getAsLong() : estimatingSince;
        started.runs().forEach(run -> estimating.add(run.id()));
      }
      case ProgressEvent.RunRecorded runRecorded -> end(runRecorded.record());
      case ProgressEvent.LossTraced ignored -> {}
      case ProgressEvent.Note ignored -> {}
    }
  }

  private void advanceTo(String what, long done, long total, Unit unit) {
    if (!what.equals(stage.what)) {
      stage = new Stage(what, done, total, total, unit, nanoTime.getAsLong());
    }
    stage.total = total;
    stage.allWork = total;
    stage.advance(done - stage.done, (double) (done - stage.done));
  }

  private void begin(ProgressEvent.SweepStarted started) {
    Plan plan = started.plan();
    estimatesOnly = plan.cohorts().isEmpty();
    String what = estimatesOnly ? "estimating" : "training";
    long total = estimatesOnly ? plan.evaluations().size() : plan.modelSteps();
    double work = estimatesOnly ? total : started.operations();
    stage = new Stage(what, 0, total, work, Unit.THINGS, nanoTime.getAsLong());
    finished = plan.done().size() - diverged - failed; // an earlier plan of this call had these
    runs = plan.runs();
  }

  private void end(RunRecord record) {
    running.remove(record.id());
    if (estimating.remove(record.id())) {
      estimated++;
      estimatingSeconds += estimating.isEmpty() ? secondsOfEstimates() : 0;
    }
    if (estimatesOnly) {
      stage.advance(1, 1);
    }
    switch (record.outcome()) {
      case Outcome.Finished ended -> finished++;
      case Outcome.Diverged ended -> diverged++;
      case Outcome.Failed ended -> failed++;
    }
  }

  private double secondsOfEstimates() {
    return (nanoTime.getAsLong() - estimatingSince) / NANOS;
  }

  /** The expected time for the estimates of all runs that have not ended; negative if unknown. */
  private double estimatesLeft() {
    double seconds = estimatingSeconds + (estimating.isEmpty() ? 0 : secondsOfEstimates());
    int left = runs - finished - diverged - failed;
    return estimated > 0 && left > 0 ? left * seconds / estimated : -1;
  }

  /** The progress at this moment. */
  public synchronized ProgressSnapshot stage() {
    long now = nanoTime.getAsLong();
    stage.sample(now);
    double elapsed = (now - stage.began) / NANOS;
    int ended = finished + diverged + failed;
    Runs counts = new Runs(finished, running.size(), estimating.size(), diverged, failed, runs);
    boolean trains = runs > 0 && !estimatesOnly;
    double estimates = trains ? estimatesLeft() : -1;
    if (trains && stage.done >= stage.total && !running.isEmpty()) { // no step tells the speed
      double share = (double) ended / runs;
      return new ProgressSnapshot(
          "estimating the last runs",
          ended,
          runs,
          share,
          counts,
          0,
          elapsed,
          estimates,
          stage.unit);
    }
    boolean settled = elapsed >= SETTLED_SECONDS && stage.done > 0;
    double speed = settled && !estimatesOnly ? stage.shown.mean() : 0;
    double remaining = settled ? stage.remaining() + Math.max(0, estimates) : -1;
    return new ProgressSnapshot(
        stage.what,
        stage.done,
        stage.total,
        stage.share(),
        counts,
        speed,
        elapsed,
        remaining,
        stage.unit);
  }

  /** One kind of work, from its first event on. */
  private static final class Stage {
    private final FadingMean shown = new FadingMean(10);
    private final FadingMean forecast = new FadingMean(60);
    private final String what;
    private final Unit unit;
    private final long began;
    private long total;
    private double allWork;
    private long done;
    private double work;
    private long sampled;
    private long sampledDone;
    private double sampledWork;
    private double made; // work since it began, without that of earlier calls

    Stage(String what, long before, long total, double allWork, Unit unit, long now) {
      this.what = what;
      this.unit = unit;
      this.total = total;
      this.allWork = allWork;
      this.sampledDone = before;
      this.sampledWork = before;
      this.began = now;
      this.sampled = now;
    }

    void advance(long units, double newWork) {
      done += units;
      work += newWork;
    }

    double share() {
      return done < total && allWork > 0 ? Math.clamp(work / allWork, 0, 1) : 1;
    }

    /** Measures the speeds since the last sample. */
    void sample(long now) {
      if (now > sampled) {
        double seconds = (now - sampled) / NANOS;
        shown.add((double) (done - sampledDone), seconds);
        forecast.add(work - sampledWork, seconds);
        made += work - sampledWork;
        sampled = now;
        sampledDone = done;
        sampledWork = work;
      }
    }

    /**
     * Expected seconds; negative infinity while unknown. The speed is at least the mean since the
     * work began: while all workers compute estimates, no step is made, and the recent speed tends
     * to 0.
     */
    double remaining() {
      double mean = sampled > began ? made / ((sampled - began) / NANOS) : 0;
      double speed = Math.max(forecast.mean(), mean);
      return speed > 0 ? Math.max(0, allWork - work) / speed : Double.NEGATIVE_INFINITY;
    }
  }

  /** An amount per second, whose past fades. */
  private static final class FadingMean {
    private final double memorySeconds;
    private double amount;
    private double weight;

    FadingMean(double memorySeconds) {
      this.memorySeconds = memorySeconds;
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
