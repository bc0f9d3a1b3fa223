package org.ratescope.results;

import java.util.List;
import java.util.stream.Stream;
import org.ratescope.spec.Subset;

/**
 * How fast the training loss D + βR still fell when training ended.
 *
 * <p>The fall is minus the slope of a line through the losses of the last half of the updates,
 * times a tenth of the updates: nats per example that a tenth of the training still gains. The
 * losses are those of the training set's learning curve, whose images and noise are the same at
 * each point. A record without ten such points has the batch losses, about a hundred, each of other
 * images: the standard error is then about ten times as large. Where the loss bends, the line is
 * steeper than its end, so the fall is rather too large than too small.
 *
 * @param state the verdict
 * @param fall in nats per example for a tenth of the training; NaN if unknown
 * @param standardError of the fall, from the scatter of the losses around the line; NaN if unknown
 */
public record Convergence(State state, double fall, double standardError) {
  /** A fall has to be this many standard errors above 0 to count: about 1 run in 700 by chance. */
  public static final double VISIBLE_ABOVE = 3;

  /** Fewer losses than this determine no line. */
  static final int FEWEST_POINTS = 10;

  private static final Convergence NOT_MEASURED =
      new Convergence(State.UNKNOWN, Double.NaN, Double.NaN);

  /** The verdict about one run. */
  public enum State {
    /** A tenth of the training gains less than the standard error of the test distortion. */
    CONVERGED,
    /** It gains more than that, and more than three times its own standard error. */
    FALLING,
    /** There are too few losses, they vary too much, or they are not the run's objective. */
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
    double beta = record.spec().objective().betaKl();
    int updates = record.outcome().step();
    List<Loss> curve =
        lastHalf(
            record.curve().stream()
                .filter(p -> p.subset() == Subset.TRAIN)
                .map(p -> new Loss(p.step(), p.distortion() + beta * p.rate())),
            updates);
    List<Loss> losses =
        curve.size() >= FEWEST_POINTS
            ? curve
            : lastHalf(
                record.trace().stream()
                    .map(p -> new Loss(p.step(), p.distortion() + beta * p.rate())),
                updates);
    return losses.size() < FEWEST_POINTS ? NOT_MEASURED : of(losses, updates, compared);
  }

  /** D + βR after some updates. */
  private record Loss(int step, double nats) {}

  private static List<Loss> lastHalf(Stream<Loss> losses, int updates) {
    return losses.filter(p -> p.step() >= updates / 2 && Double.isFinite(p.nats())).toList();
  }

  /**
   * From the losses of the last half.
   *
   * @param updates number of updates made
   * @param compared the standard error of the numbers that runs are compared by, in nats
   */
  private static Convergence of(List<Loss> half, int updates, double compared) {
    double meanStep = half.stream().mapToDouble(Loss::step).average().orElseThrow();
    double meanLoss = half.stream().mapToDouble(Loss::nats).average().orElseThrow();
    double steps = 0;
    double products = 0;
    double losses = 0;
    for (Loss p : half) {
      double step = p.step() - meanStep;
      double loss = p.nats() - meanLoss;
      steps += step * step;
      products += step * loss;
      losses += loss * loss;
    }
    double slope = products / steps;
    double scatter = Math.max(0, losses - slope * products) / (half.size() - 2);
    double tenth = updates / 10.0;
    double fall = -slope * tenth;
    double error = Math.sqrt(scatter / steps) * tenth;
    return new Convergence(state(fall, error, compared), fall, error);
  }

  private static State state(double fall, double error, double compared) {
    if (fall > compared && fall > VISIBLE_ABOVE * error) {
      return State.FALLING;
    }
    return fall <= compared && error <= compared ? State.CONVERGED : State.UNKNOWN;
  }
}
