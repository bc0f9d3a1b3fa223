package org.ratescope.statistic;

import java.util.Comparator;
import java.util.List;

/**
 * The lowest point of a curve over beta, and its rise from there to the smallest beta: the left arm
 * of a U. The rise is compared with the spread over restarts, pooled over its two points.
 *
 * @param lowest the point of the lowest mean
 * @param smallest the point of the smallest beta
 * @param largest the point of the largest beta
 */
public record CurveMinimum(Restarts lowest, Restarts smallest, Restarts largest) {
  /** The verdict about the U. */
  public enum Verdict {
    /** The lowest mean is at the smallest beta: there is no left arm. */
    FALLS_TO_SMALLEST,
    /** The minimum is at the largest beta: there is no right arm. */
    AT_LARGEST,
    /** Interior, but there are no two restarts to measure the spread. */
    TOO_FEW_RESTARTS,
    /** Interior, with restarts to measure the rise against. */
    INTERIOR
  }

  /** The minimum of a curve of at least one point, in any order. */
  public static CurveMinimum of(List<Restarts> curve) {
    Comparator<Restarts> byBeta = Comparator.comparingDouble(Restarts::beta);
    return new CurveMinimum(
        curve.stream().min(Comparator.comparingDouble(Restarts::mean)).orElseThrow(),
        curve.stream().min(byBeta).orElseThrow(),
        curve.stream().max(byBeta).orElseThrow());
  }

  /** The difference of the means at the smallest beta and at the lowest point. */
  public double rise() {
    return smallest.mean() - lowest.mean();
  }

  /** The rise in pooled restart standard deviations; infinite if restarts do not differ at all. */
  public double deviations() {
    return rise() / lowest.pooledDeviation(smallest);
  }

  /** Student's t of the rise, with {@link #freedom} degrees of freedom. */
  public double t() {
    return deviations() / Math.sqrt(1.0 / lowest.size() + 1.0 / smallest.size());
  }

  /** Degrees of freedom of {@link #t}. */
  public int freedom() {
    return lowest.freedom(smallest);
  }

  /** The verdict. */
  public Verdict verdict() {
    if (lowest.beta() == smallest.beta()) {
      return Verdict.FALLS_TO_SMALLEST;
    }
    if (lowest.beta() == largest.beta()) {
      return Verdict.AT_LARGEST;
    }
    if (freedom() < 1) {
      return Verdict.TOO_FEW_RESTARTS;
    }
    return Verdict.INTERIOR;
  }
}
