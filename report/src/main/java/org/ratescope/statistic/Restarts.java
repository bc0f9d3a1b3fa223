package org.ratescope.statistic;

import java.util.List;

/**
 * The values of a quantity over restarts, the runs that differ only in the seed.
 *
 * @param beta their value of beta
 * @param values one value for each restart, at least one
 */
public record Restarts(double beta, List<Double> values) {
  public Restarts {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values must have at least one entry; got none");
    }
  }

  /** Number of restarts. */
  public int size() {
    return values.size();
  }

  public double mean() {
    return values.stream().mapToDouble(v -> v).sum() / size();
  }

  /** Sum of squared differences from the mean. */
  double squares() {
    double mean = mean();
    return values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
  }

  /** The sample standard deviation (divisor n - 1); NaN for a single value. */
  public double standardDeviation() {
    return Math.sqrt(squares() / (size() - 1));
  }

  /** Degrees of freedom of the pooled standard deviation of two samples. */
  public int freedom(Restarts other) {
    return size() + other.size() - 2;
  }

  /** The pooled standard deviation of two samples; NaN when both have a single value. */
  public double pooledDeviation(Restarts other) {
    return Math.sqrt((squares() + other.squares()) / freedom(other));
  }
}
