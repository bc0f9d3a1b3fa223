package org.ratescope.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ratescope.results.CurvePoint;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;

/**
 * Measures the learning curves of the runs of a program: distortion and rate of a fixed sample of
 * the training set and of the test set, with the same noise at each point, so that a curve shows
 * what training changed. Takes no random number of training, and changes no weight.
 */
public final class LearningCurves {
  /** How many images of each set a sample has at most. */
  public static final int IMAGES = 128;

  /** About how many points a curve has, beside the one before training. */
  private static final int POINTS = 20;

  private final TrainingState state;
  private final List<Sample> samples = new ArrayList<>(); // by place
  private final List<BatchSampler> orders = new ArrayList<>();
  private final int batches;

  /**
   * The sample of a run.
   *
   * @param train rows of the training set
   * @param test rows of the test set
   */
  public record Sample(List<Integer> train, List<Integer> test) {
    public Sample {
      train = List.copyOf(train);
      test = List.copyOf(test);
    }

    private int[] rows() {
      return Stream.of(train, test).flatMap(List::stream).mapToInt(row -> row).toArray();
    }
  }

  private LearningCurves(Cohort cohort, List<Sample> byRun, TrainingState state) {
    this.state = state;
    int batch = cohort.first().training().batch();
    int most = 0;
    for (int place = 0; place < state.places(); place++) {
      Sample sample = byRun.get(state.runAt(place));
      samples.add(sample);
      orders.add(BatchSampler.inOrder(sample.rows(), batch));
      most = Math.max(most, sample.rows().length);
    }
    batches = (most + batch - 1) / batch;
  }

  /**
   * Those of the runs that still train.
   *
   * @param samples for each run of the cohort
   */
  static LearningCurves of(Cohort cohort, List<Sample> samples, TrainingState state) {
    return new LearningCurves(cohort, samples, state);
  }

  /** Updates from one point to the next. */
  static int every(int iterations) {
    return Math.max(1, iterations / POINTS);
  }

  /**
   * Adds a point for each set to the curve of each run that has not ended and has none at this
   * step. A mean that is not finite is left out: the next update finds that the run has diverged.
   */
  void measure(TrainStep program) {
    program.settle();
    double[][] distortion = new double[samples.size()][2];
    double[][] rate = new double[samples.size()][2];
    for (int number = 0; number < batches; number++) {
      TrainStep.Losses losses = program.losses(orders, RunRandom.Stream.CURVE, number);
      int batch = losses.distortion().length / samples.size();
      for (int i = 0; i < losses.distortion().length; i++) {
        int place = i / batch;
        int position = number * batch + i % batch;
        Sample sample = samples.get(place);
        if (position < sample.train().size() + sample.test().size()) {
          int subset = position < sample.train().size() ? 0 : 1;
          distortion[place][subset] += losses.distortion()[i];
          rate[place][subset] += losses.rate()[i];
        }
      }
    }
    for (int place = 0; place < samples.size(); place++) {
      add(
          place,
          Subset.TRAIN,
          samples.get(place).train().size(),
          distortion[place][0],
          rate[place][0]);
      add(
          place,
          Subset.TEST,
          samples.get(place).test().size(),
          distortion[place][1],
          rate[place][1]);
    }
  }

  private void add(int place, Subset subset, int images, double distortion, double rate) {
    RunProgress run = state.progress(state.runAt(place));
    boolean isThere =
        run.curve().stream().anyMatch(p -> p.step() == state.step() && p.subset() == subset);
    if (!run.hasEnded() && !isThere && Double.isFinite(distortion) && Double.isFinite(rate)) {
      run.curve().add(new CurvePoint(state.step(), subset, distortion / images, rate / images));
    }
  }
}
