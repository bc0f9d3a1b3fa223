package org.ratescope.statistic;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction (1979) for several comparisons: of m p-values in increasing order the k-th is
 * multiplied by m − k + 1, and is at least the one before. Rejecting where the result is at most
 * 0.05 makes one or more false rejections in at most 5 % of studies, however the comparisons depend
 * on each other.
 */
public final class Holm {
  private Holm() {}

  /** The corrected p-values, at most 1, in the given order. */
  public static double[] corrected(List<Double> pValues) {
    int m = pValues.size();
    List<Integer> order =
        IntStream.range(0, m).boxed().sorted(Comparator.comparing(pValues::get)).toList();
    double[] corrected = new double[m];
    double before = 0;
    for (int k = 0; k < m; k++) {
      int which = order.get(k);
      before = Math.max(before, Math.min(1, (m - k) * pValues.get(which)));
      corrected[which] = before;
    }
    return corrected;
  }
}
