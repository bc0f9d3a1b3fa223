package org.ratescope.train;

import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.model.prior.LatentDistribution;
import org.ratescope.results.LossPoint;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Training;
import org.ratescope.tensor.ImageTensor;

/**
 * Trains a cohort to its end: one visible loop. At regular updates it looks for runs that have
 * ended (diverged, or stopped early) and goes on with a program for the others alone, so that an
 * ended run costs nothing.
 */
public final class Trainer {
  /** About how many batch losses a trace keeps. */
  private static final int TRACE_POINTS = 100;

  private final Cohort cohort;
  private final ImageTensor pool;
  private final List<int[]> trainRows;
  private final List<LearningCurves.Sample> samples;
  private final TrainingState state;
  private final Stopping stopping;
  private final int iterations;
  private final int traceEvery;
  private final int curveEvery;
  private final int checkEvery;

  /** Told how training advances. */
  public interface StepListener {
    /** {@code modelSteps} more updates were made. */
    void advanced(long modelSteps);

    /** So many updates will not be made, since their run has ended; the default does nothing. */
    default void skipped(long modelSteps) {}

    /**
     * A point was added to the trace of the cohort's run of that number; the default does nothing.
     */
    default void traced(int run, LossPoint point) {}
  }

  /**
   * @param pool all images of the data set
   * @param trainRows for each run the rows of the pool that train it
   * @param samples for each run the images of its learning curves
   * @param state where training stands, updated in place
   */
  public Trainer(
      Cohort cohort,
      ImageTensor pool,
      List<int[]> trainRows,
      List<LearningCurves.Sample> samples,
      TrainingState state) {
    this.cohort = cohort;
    this.pool = pool;
    this.trainRows = trainRows;
    this.samples = List.copyOf(samples);
    this.state = state;
    this.stopping = cohort.first().training().stopping();
    this.iterations = cohort.first().training().iterations();
    this.traceEvery = Math.max(1, iterations / TRACE_POINTS);
    this.curveEvery = LearningCurves.every(iterations);
    this.checkEvery =
        switch (stopping) {
          case Stopping.Never never -> traceEvery;
          case Stopping.Patience patience -> patience.every();
        };
  }

  /**
   * Checks that a number of training images is enough for early stopping and for the prior.
   *
   * @throws IllegalArgumentException if early stopping would leave none to train on, or fewer than
   *     the prior needs
   */
  public static void requireRows(int trainRows, Training training, Prior prior) {
    int left = trainRows - ValidationRows.count(trainRows, training.stopping(), training.batch());
    int least = LatentDistribution.of(prior).leastImages();
    if (!(left >= least)) {
      throw new IllegalArgumentException(
          "prior %s needs at least %d training images, there are %d; choose a smaller number or a larger training set"
              .formatted(prior.text(), least, left));
    }
  }

  /**
   * Trains every run to its end, from wherever the state stands.
   *
   * @param checkpoint keeps the state at intervals, and when interrupted
   * @throws InterruptedException if the thread is interrupted; the checkpoint then holds the state
   */
  public void train(Checkpoint checkpoint, StepListener listener)
      throws IOException, InterruptedException {
    while (!state.isOver()) {
      try (PointerScope scope = new PointerScope()) {
        TrainStep program = new TrainStep(cohort, pool, trainRows, state);
        LearningCurves curves = LearningCurves.of(cohort, samples, state);
        trainUntilOneEnds(program, curves, checkpoint, listener);
      }
      listener.skipped((long) state.release() * (iterations - state.step()));
    }
  }

  /** The loop. It ends at a check at which some run of the program has ended. */
  private void trainUntilOneEnds(
      TrainStep program, LearningCurves curves, Checkpoint checkpoint, StepListener listener)
      throws IOException, InterruptedException {
    while (state.step() < iterations) {
      if (Thread.interrupted()) {
        program.settle();
        checkpoint.write(state);
        throw new InterruptedException("interrupted at step " + state.step());
      }
      if (state.step() == 0) {
        curves.measure(program);
      }
      boolean trace = state.step() % traceEvery == 0 || state.step() == iterations - 1;
      program.step(trace);
      listener.advanced(program.places());
      if (trace) {
        tellTraces(program, listener);
      }
      if (state.step() % curveEvery == 0 || state.step() == iterations) {
        curves.measure(program);
      }
      boolean ended = state.step() % checkEvery == 0 && check(program);
      if (!ended && checkpoint.isDue()) { // runs that have ended give up their places first
        program.settle();
        checkpoint.write(state);
      }
      if (ended) {
        return;
      }
    }
    finish(program);
  }

  /** Tells the points of the update just made; a run that has ended has none. */
  private void tellTraces(TrainStep program, StepListener listener) {
    for (int place = 0; place < program.places(); place++) {
      int run = state.runAt(place);
      List<LossPoint> trace = state.trace(run);
      if (!trace.isEmpty() && trace.getLast().step() == state.step() - 1) {
        listener.traced(run, trace.getLast());
      }
    }
  }

  /** Measures where early stopping asks for it; whether a run of the program has ended. */
  private boolean check(TrainStep program) {
    program.settle();
    if (stopping instanceof Stopping.Patience patience) {
      measure(program);
      for (int place = 0; place < program.places(); place++) {
        RunProgress run = state.progress(state.runAt(place));
        if (!run.hasEnded() && run.sinceBest() >= patience.patience()) {
          state.finish(place);
        }
      }
    }
    for (int place = 0; place < program.places(); place++) {
      if (!state.isTraining(state.runAt(place))) {
        return true;
      }
    }
    return false;
  }

  /** Ends the runs that have made all updates. */
  private void finish(TrainStep program) {
    program.settle();
    if (stopping instanceof Stopping.Patience) {
      measure(program);
    }
    for (int place = 0; place < program.places(); place++) {
      if (state.isTraining(state.runAt(place))) {
        state.finish(place);
      }
    }
  }

  /** Takes the validation losses, once after an update. */
  private void measure(TrainStep program) {
    double[] losses = null;
    for (int place = 0; place < program.places(); place++) {
      RunProgress run = state.progress(state.runAt(place));
      if (!run.hasEnded() && run.measuredAt() != state.step()) {
        losses = losses == null ? program.validationLosses() : losses;
        state.measured(place, losses[place]);
      }
    }
  }
}
