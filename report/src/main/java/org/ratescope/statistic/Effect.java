package org.ratescope.statistic;

import java.util.Arrays;

/**
 * A number over restarts with two bounds. Each bound alone is exceeded by chance in at most 5 % of
 * studies, also if the number is the most extreme of several: with m comparisons each bound is
 * Student's for a probability of 0.05 / m (Bonferroni). The restarts are assumed to be normal, with
 * the same spread at each point of a curve.
 *
 * @param value the estimate
 * @param low the lower bound
 * @param high the upper bound
 */
public record Effect(double value, double low, double high) {
  /** The share of studies in which one or more of the comparisons of a claim err. */
  public static final double ERROR = 0.05;

  /**
   * A value with a standard error that was estimated from restarts.
   *
   * @param freedom degrees of freedom of the standard error, at least 1
   * @param comparisons how many comparisons share the error, at least 1
   */
  public static Effect of(double value, double standardError, int freedom, int comparisons) {
    double half = new StudentT(freedom).exceededWith(ERROR / comparisons) * standardError;
    return new Effect(value, value - half, value + half);
  }

  /**
   * The mean of a quantity that each restart has.
   *
   * @throws NotEnoughRuns if there are fewer than two
   */
  public static Effect ofRestarts(String name, double[] values, int comparisons)
      throws NotEnoughRuns {
    int n = values.length;
    if (n < 2) {
      throw new NotEnoughRuns(name + ": one restart only, so no spread to measure with");
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return of(mean, Math.sqrt(squares / (n - 1) / n), n - 1, comparisons);
  }
}
