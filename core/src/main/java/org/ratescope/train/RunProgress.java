package org.ratescope.train;

import java.util.ArrayList;
import java.util.List;
import org.ratescope.results.CurvePoint;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;

/** How far one run of a cohort has come. */
final class RunProgress {
  /** In place of a step: it has not happened. */
  static final int NEVER = -1;

  private final List<LossPoint> trace = new ArrayList<>();
  private final List<CurvePoint> curve = new ArrayList<>();
  private int endedAt = NEVER;
  private boolean diverged;
  private int bestStep = NEVER;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private int measuredAt = NEVER;
  private int sinceBest;

  /** Batch losses so far. */
  List<LossPoint> trace() {
    return trace;
  }

  /** Losses of fixed samples so far. */
  List<CurvePoint> curve() {
    return curve;
  }

  boolean hasEnded() {
    return endedAt != NEVER;
  }

  /** Updates made when it ended, or -1. */
  int endedAt() {
    return endedAt;
  }

  boolean hasDiverged() {
    return diverged;
  }

  /** Updates made before its smallest validation loss, or -1 where none was measured. */
  int bestStep() {
    return bestStep;
  }

  double bestLoss() {
    return bestLoss;
  }

  /** Updates made before the last measurement, or -1. */
  int measuredAt() {
    return measuredAt;
  }

  /** Measurements since the best one. */
  int sinceBest() {
    return sinceBest;
  }

  /** Ends the run in that update, which is not made. */
  void diverged(int step) {
    endedAt = step;
    diverged = true;
  }

  /** Ends the run after that many updates. */
  void finished(int step) {
    endedAt = step;
  }

  /**
   * Takes note of a validation loss.
   *
   * @return whether it is the smallest so far; one that is not finite never is
   */
  boolean measured(int step, double loss) {
    measuredAt = step;
    if (loss < bestLoss) {
      bestLoss = loss;
      bestStep = step;
      sinceBest = 0;
      return true;
    }
    sinceBest++;
    return false;
  }

  /** Takes what a checkpoint kept. */
  void restore(int ended, boolean hasDiverged, int best, double loss, int measured, int since) {
    endedAt = ended;
    diverged = hasDiverged;
    bestStep = best;
    bestLoss = loss;
    measuredAt = measured;
    sinceBest = since;
  }

  /** How it ended; {@code step} updates where it has not. */
  Outcome outcome(int step) {
    int made = hasEnded() ? endedAt : step;
    return diverged
        ? new Outcome.Diverged(made)
        : new Outcome.Finished(made, bestStep < 0 ? made : bestStep);
  }
}
