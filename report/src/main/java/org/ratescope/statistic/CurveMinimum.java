package org.ratescope.statistic;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.ratescope.sql.DisplayNames;

/**
 * The lowest point of a curve over beta, and how far the curve rises from there to the smallest
 * beta: the left arm of a U. The rise is measured against the spread over restarts, pooled over the
 * two points it is taken between.
 *
 * @param lowest the point of the lowest mean
 * @param smallest the point of the smallest beta
 * @param largest the point of the largest beta
 */
public record CurveMinimum(Restarts lowest, Restarts smallest, Restarts largest) {
  /** A rise of more than this many pooled restart standard deviations counts as visible. */
  public static final double VISIBLE_ABOVE = 2;

  /** What can be said about the U. */
  public enum Verdict {
    /** The lowest mean is at the smallest beta: there is no left arm. */
    FALLS_TO_SMALLEST,
    /** The minimum is at the largest beta: there is no right arm. */
    AT_LARGEST,
    /** Interior, but no two restarts to measure the spread with. */
    TOO_FEW_RESTARTS,
    /** Interior, and the rise is above the restart spread. */
    VISIBLE,
    /** Interior, and the rise is within the restart spread. */
    WITHIN_SPREAD
  }

  /** The valley of a curve of at least one point, in any order. */
  public static CurveMinimum of(List<Restarts> curve) {
    Comparator<Restarts> byBeta = Comparator.comparingDouble(Restarts::beta);
    return new CurveMinimum(
        curve.stream().min(Comparator.comparingDouble(Restarts::mean)).orElseThrow(),
        curve.stream().min(byBeta).orElseThrow(),
        curve.stream().max(byBeta).orElseThrow());
  }

  /** How much higher the mean is at the smallest beta than at the lowest point. */
  public double rise() {
    return smallest.mean() - lowest.mean();
  }

  /**
   * The rise in pooled restart standard deviations; infinite when restarts do not differ at all.
   */
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

  /** Where it is lowest, and how far it rises to the smallest beta, in words. */
  public String inWords() {
    return String.format(
        Locale.ROOT,
        "lowest at β = %s (%.2f nats), rising by %.2f nats or %.1f pooled restart sd to β = %s",
        DisplayNames.number(lowest.beta()),
        lowest.mean(),
        rise(),
        rise() == 0 ? 0.0 : deviations(),
        DisplayNames.number(smallest.beta()));
  }

  /** What can be said. */
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
    return deviations() > VISIBLE_ABOVE ? Verdict.VISIBLE : Verdict.WITHIN_SPREAD;
  }
}
