package org.ratescope.estimate.gap;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The test of Mann and Whitney (1947): are the values of a first sample smaller than those of a
 * second? Equal values share their ranks.
 *
 * @param z (U − mn/2) / σ with U the number of pairs in which the first sample's value is larger,
 *     equal ones counted half, and σ² = mn/12 (m + n + 1 − Σ (t³ − t) / ((m + n)(m + n − 1))) over
 *     groups of t equal values. About N(0, 1) if both samples have one distribution; negative if
 *     the first sample's values are smaller. 0 if all values are equal
 * @param smaller 1 − U/mn: the probability that a value of the first sample is smaller
 * @param standardError of {@code smaller} (DeLong, DeLong and Clarke-Pearson 1988); NaN if a sample
 *     has one value
 * @param deviation σ/mn, the standard deviation of {@code smaller} if both have one distribution; 0
 *     if all values are equal
 */
record MannWhitney(double z, double smaller, double standardError, double deviation) {

  /**
   * Compares two samples.
   *
   * @throws IllegalArgumentException if one is empty or has a value that is NaN
   */
  static MannWhitney of(double[] first, double[] second) {
    int m = first.length;
    int n = second.length;
    if (m == 0 || n == 0 || hasNan(first) || hasNan(second)) {
      throw new IllegalArgumentException(
          "both samples need at least one value, and none may be NaN; got %d and %d values"
              .formatted(m, n));
    }
    double[] all = new double[m + n];
    System.arraycopy(first, 0, all, 0, m);
    System.arraycopy(second, 0, all, m, n);
    double[] sorted = all.clone();
    Arrays.sort(sorted);
    double[] ofFirst = shares(first, second);
    double[] ofSecond = shares(second, first);
    double larger = Arrays.stream(ofFirst).average().orElseThrow(); // U / mn
    double total = m + n;
    double variance =
        ((total + 1) - ties(sorted) / (total * (total - 1))) / (12.0 * m * n); // of U / mn
    double deviation = Math.sqrt(Math.max(0, variance));
    double error = Math.sqrt(variance(ofFirst) / m + variance(ofSecond) / n);
    double z = deviation > 0 ? (larger - 0.5) / deviation : 0;
    return new MannWhitney(z, 1 - larger, error, deviation);
  }

  private static boolean hasNan(double[] values) {
    return Arrays.stream(values).anyMatch(Double::isNaN);
  }

  /** For each value, the share of the other sample that is below it, equal ones counted half. */
  private static double[] shares(double[] values, double[] others) {
    double[] sorted = others.clone();
    Arrays.sort(sorted);
    return Arrays.stream(values)
        .map(v -> 0.5 * (below(sorted, v, false) + below(sorted, v, true)) / sorted.length)
        .toArray();
  }

  /** Number of sorted values below one, or up to it. */
  private static int below(double[] sorted, double value, boolean equalToo) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value || (equalToo && sorted[middle] == value)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Σ t³ − t over groups of t equal values. */
  private static double ties(double[] sorted) {
    double sum = 0;
    double run = 1;
    for (int i = 1; i <= sorted.length; i++) {
      if (i < sorted.length && sorted[i] == sorted[i - 1]) {
        run++;
      } else {
        sum += run * run * run - run;
        run = 1;
      }
    }
    return sum;
  }

  /** The unbiased variance; NaN for one value. */
  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return IntStream.range(0, values.length)
            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
            .sum()
        / (values.length - 1);
  }
}
