package org.ratescope.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.record.Outcome;
import org.ratescope.record.TracePoint;
import org.ratescope.vae.Layout;
import org.ratescope.vae.Parameters;

/**
 * All that changes while a cohort is trained, and so all that a checkpoint holds. There is no
 * generator state.
 */
public final class TrainingState {
  private static final int TRAINING = -1;

  private final Parameters parameters;
  private final Parameters firstMoments;
  private final Parameters secondMoments;
  private final Parameters largestSecondMoments;
  private final int[] divergedAt;
  private final List<List<TracePoint>> traces = new ArrayList<>();
  private int step;

  private TrainingState(Layout layout, ScalarType type, int k) {
    parameters = Parameters.zeros(layout, type, k);
    firstMoments = Parameters.zeros(layout, type, k);
    secondMoments = Parameters.zeros(layout, type, k);
    largestSecondMoments = Parameters.zeros(layout, type, k);
    divergedAt = new int[k];
    Arrays.fill(divergedAt, TRAINING);
    for (int i = 0; i < k; i++) {
      traces.add(new ArrayList<>());
    }
  }

  /** The state before the first update: initial weights from each run's seed. */
  public static TrainingState initial(Cohort cohort) {
    TrainingState state = empty(cohort);
    for (int k = 0; k < cohort.size(); k++) {
      state.parameters.initialize(k, cohort.runs().get(k).seed());
    }
    return state;
  }

  /** A state of the cohort's shape with all numbers zero, to be filled from a checkpoint. */
  static TrainingState empty(Cohort cohort) {
    return new TrainingState(
        Layout.of(cohort.first()),
        Parameters.type(cohort.first().training().precision()),
        cohort.size());
  }

  /** Weights of all runs. */
  public Parameters parameters() {
    return parameters;
  }

  Parameters firstMoments() {
    return firstMoments;
  }

  Parameters secondMoments() {
    return secondMoments;
  }

  Parameters largestSecondMoments() {
    return largestSecondMoments;
  }

  /** Updates made so far. */
  public int step() {
    return step;
  }

  void step(int updates) {
    step = updates;
  }

  /** Batch losses of a run so far. */
  public List<TracePoint> trace(int k) {
    return traces.get(k);
  }

  /** Whether run {@code k} has not diverged. */
  boolean isTraining(int k) {
    return divergedAt[k] == TRAINING;
  }

  /** The update at which run {@code k} diverged, or -1. */
  int divergedAt(int k) {
    return divergedAt[k];
  }

  /** Ends run {@code k} at that update, which is not made. */
  void diverged(int k, int atStep) {
    divergedAt[k] = atStep;
  }

  /** How run {@code k} ended, once training is over. */
  public Outcome outcome(int k) {
    return isTraining(k) ? new Outcome.Finished(step) : new Outcome.Diverged(divergedAt[k]);
  }
}
