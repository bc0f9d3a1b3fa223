package org.ratescope.report;

import java.util.List;

/**
 * The values of a quantity over restarts.
 *
 * @param beta the value of beta they share
 * @param values one value per restart, at least one
 */
record Sample(double beta, List<Double> values) {
  Sample {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values must have at least one entry, came none");
    }
  }

  int size() {
    return values.size();
  }

  double mean() {
    return values.stream().mapToDouble(v -> v).sum() / size();
  }

  /** Sum of squared differences from the mean. */
  private double squares() {
    double mean = mean();
    return values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
  }

  /** The sample standard deviation (divisor n - 1); NaN for a single value. */
  double standardDeviation() {
    return Math.sqrt(squares() / (size() - 1));
  }

  /** Degrees of freedom of the pooled standard deviation of two samples. */
  int freedom(Sample other) {
    return size() + other.size() - 2;
  }

  /** The pooled standard deviation of two samples; NaN when both have a single value. */
  double pooledDeviation(Sample other) {
    return Math.sqrt((squares() + other.squares()) / freedom(other));
  }
}
