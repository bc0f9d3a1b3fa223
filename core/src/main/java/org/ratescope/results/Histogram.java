package org.ratescope.results;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts of values of at least 0 in bins of equal width whose edges are multiples of it, so that
 * histograms of one width can be laid over each other. Bin {@code i} holds values from {@code
 * low(i)} up to, not including, {@code low(i + 1)}.
 *
 * @param width a bin's width, above 0
 * @param first how many empty bins between 0 and the first bin are left out
 * @param counts values in each bin; neither the first nor the last is 0
 */
public record Histogram(double width, int first, List<Integer> counts) {
  public Histogram {
    if (!(width > 0 && Double.isFinite(width))) {
      throw new IllegalArgumentException("width must be finite and above 0; got " + width);
    }
    counts = List.copyOf(counts);
  }

  /**
   * The histogram of those values; without bins where there are none.
   *
   * @throws IllegalArgumentException if a value is negative or not finite
   */
  public static Histogram of(double[] values, double width) {
    int[] bins = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bins[i] = bin(values[i], width);
    }
    int first = IntStream.of(bins).min().orElse(0);
    int last = IntStream.of(bins).max().orElse(-1);
    int[] counts = new int[Math.max(0, last - first + 1)];
    for (int bin : bins) {
      counts[bin - first]++;
    }
    return new Histogram(width, first, new ArrayList<>(IntStream.of(counts).boxed().toList()));
  }

  /** The bin in whose edges, as computed by {@link #low}, the value lies. */
  private static int bin(double value, double width) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException("values must be finite and at least 0; got " + value);
    }
    int bin = (int) (value / width);
    if (value < bin * width) {
      return bin - 1;
    }
    return value >= (bin + 1) * width ? bin + 1 : bin;
  }

  /** Lower edge of a bin; {@code low(counts.size())} is the upper edge of the last. */
  public double low(int bin) {
    return (first + bin) * width;
  }
}
