package org.ratescope.statistic;

import java.util.ArrayList;
import java.util.List;

/**
 * A curve in the plane of rate and distortion with its restarts: the curve of the means, and one
 * curve for each restart.
 *
 * @param name its name, for messages
 * @param mean the curve of the means
 * @param restarts the curves of the restarts, as many as each weight has at least
 */
public record PlaneCurve(String name, Polyline mean, List<Polyline> restarts) {
  public PlaneCurve {
    restarts = List.copyOf(restarts);
  }

  /** The curve of two series over the same weights. */
  public static PlaneCurve of(Series rate, Series distortion) {
    List<Polyline> restarts = new ArrayList<>();
    int least = Math.min(rate.leastRestarts(), distortion.leastRestarts());
    for (int r = 0; r < least; r++) {
      restarts.add(Polyline.of(rate.restart(r), distortion.restart(r)));
    }
    return new PlaneCurve(distortion.name(), Polyline.of(rate, distortion), restarts);
  }

  /** The mean distance in nats of a restart's points from the curve of the means. */
  public double spread() throws NotEnoughRuns {
    requireSpread();
    return restarts.stream().mapToDouble(r -> r.distanceTo(mean)).average().orElseThrow();
  }

  /**
   * By how many nats this curve is below another at equal rate, on average: restart by restart.
   *
   * @throws NotEnoughRuns if the curves have no rate in common
   */
  public Effect advantageOver(PlaneCurve other, int comparisons) throws NotEnoughRuns {
    int n = Math.min(restarts.size(), other.restarts.size());
    double[] values = new double[n];
    for (int r = 0; r < n; r++) {
      values[r] = restarts.get(r).below(other.restarts.get(r));
      if (Double.isNaN(values[r])) {
        throw new NotEnoughRuns("%s: no rate in common with %s".formatted(name, other.name));
      }
    }
    return Effect.ofRestarts(name, values, comparisons);
  }

  /** By how many nats a curve is nearer to this one than another, restart by restart. */
  public Effect nearer(PlaneCurve near, PlaneCurve far, int comparisons) throws NotEnoughRuns {
    int n = Math.min(near.restarts.size(), far.restarts.size());
    double[] values = new double[n];
    for (int r = 0; r < n; r++) {
      values[r] = far.restarts.get(r).distanceTo(mean) - near.restarts.get(r).distanceTo(mean);
    }
    return Effect.ofRestarts(name, values, comparisons);
  }

  private void requireSpread() throws NotEnoughRuns {
    if (restarts.size() < 2) {
      throw new NotEnoughRuns(name + ": one restart only, so no spread to measure with");
    }
  }
}
