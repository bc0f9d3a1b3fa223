package org.ratescope.results;

import java.util.List;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;

/**
 * How fast the training loss D + βR still fell when training ended.
 *
 * <p>The fall is minus the slope of a line through the batch losses of the last half of the
 * updates, times a tenth of the updates: nats per example that a tenth of the training still gains.
 * A line over the last half estimates it about four times as precisely as the difference between
 * the last tenth and the tenth before, whose ten batches each vary by 1 to 3 nats. Where the loss
 * bends, the line is steeper than its end, so the fall is rather too large than too small.
 *
 * @param state the verdict
 * @param fall in nats per example for a tenth of the training; NaN if unknown
 * @param standardError of the fall, from the scatter of the batches around the line; NaN if unknown
 */
public record Convergence(State state, double fall, double standardError) {
  /** A fall has to be this many standard errors above 0 to count: about 1 run in 700 by chance. */
  public static final double VISIBLE_ABOVE = 3;

  /** Fewer batch losses than this determine no line. */
  static final int FEWEST_POINTS = 10;

  private static final Convergence NOT_MEASURED =
      new Convergence(State.UNKNOWN, Double.NaN, Double.NaN);

  /** The verdict about one run. */
  public enum State {
    /** A tenth of the training gains less than the standard error of the test distortion. */
    CONVERGED,
    /** It gains more than that, and more than three times its own standard error. */
    FALLING,
    /** There are too few batch losses, they vary too much, or they are not the run's objective. */
    UNKNOWN;

    /** As tables write it. */
    public String text() {
      return switch (this) {
        case CONVERGED -> "converged";
        case FALLING -> "still falling";
        case UNKNOWN -> "unknown";
      };
    }
  }

  /**
   * The convergence of a finished run. It is unknown for other runs, for objectives with two
   * weights, whose loss is not D + βR, and for a run without a test distortion.
   */
  public static Convergence of(RunRecord record) {
    if (!(record.outcome() instanceof Outcome.Finished)
        || !record.spec().objective().usesClosedFormRate()) {
      return NOT_MEASURED;
    }
    double compared =
        record.estimate("distortion", Subset.TEST).map(Estimate::standardError).orElse(Double.NaN);
    return of(record.spec(), record.trace(), record.outcome().step(), compared);
  }

  /**
   * The same from the batch losses.
   *
   * @param updates number of updates made
   * @param compared the standard error of the numbers that runs are compared by, in nats
   */
  static Convergence of(RunSpec spec, List<LossPoint> trace, int updates, double compared) {
    double beta = spec.objective().betaKl();
    List<LossPoint> half =
        trace.stream()
            .filter(p -> p.step() >= updates / 2)
            .filter(p -> Double.isFinite(p.distortion()) && Double.isFinite(p.rate()))
            .toList();
    int n = half.size();
    if (n < FEWEST_POINTS) {
      return NOT_MEASURED;
    }
    double meanStep = half.stream().mapToDouble(LossPoint::step).average().orElseThrow();
    double meanLoss = half.stream().mapToDouble(p -> loss(p, beta)).average().orElseThrow();
    double steps = 0;
    double products = 0;
    double losses = 0;
    for (LossPoint p : half) {
      double step = p.step() - meanStep;
      double loss = loss(p, beta) - meanLoss;
      steps += step * step;
      products += step * loss;
      losses += loss * loss;
    }
    double slope = products / steps;
    double scatter = Math.max(0, losses - slope * products) / (n - 2);
    double tenth = updates / 10.0;
    double fall = -slope * tenth;
    double error = Math.sqrt(scatter / steps) * tenth;
    return new Convergence(state(fall, error, compared), fall, error);
  }

  private static double loss(LossPoint point, double beta) {
    return point.distortion() + beta * point.rate();
  }

  private static State state(double fall, double error, double compared) {
    if (fall > compared && fall > VISIBLE_ABOVE * error) {
      return State.FALLING;
    }
    return fall <= compared && error <= compared ? State.CONVERGED : State.UNKNOWN;
  }
}
