package org.ratescope.statistic;

import java.util.Arrays;

/** Measures how one quantity varies with another: rank correlation, and the slope of a line. */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * Spearman's rank correlation: Pearson's of the ranks, where ties have their mean rank; NaN for
   * fewer than two values or if either side does not vary.
   */
  public static double correlation(double[] x, double[] y) {
    return pearson(ranks(x), ranks(y));
  }

  /** The slope of a line through the points by least squares; NaN if x does not vary. */
  public static double slope(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(Double.NaN);
    double meanY = Arrays.stream(y).average().orElse(Double.NaN);
    double xy = 0;
    double xx = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
    }
    return xy / xx;
  }

  private static double[] ranks(double[] values) {
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      long below = Arrays.stream(values).filter(v -> v < value).count();
      long equal = Arrays.stream(values).filter(v -> v == value).count();
      ranks[i] = below + (equal + 1) / 2.0;
    }
    return ranks;
  }

  private static double pearson(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(Double.NaN);
    double meanY = Arrays.stream(y).average().orElse(Double.NaN);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }
}
