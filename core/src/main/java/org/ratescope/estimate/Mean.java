package org.ratescope.estimate;

import org.ratescope.record.Estimate;
import org.ratescope.study.Half;

/**
 * A mean over examples with its standard error s/√n, s² the unbiased sample variance.
 *
 * @param value the mean
 * @param standardError its standard error; NaN for one example
 * @param examples n, at least 1
 */
public record Mean(double value, double standardError, int examples) {

  /** The mean of those values, summed in order in two passes. */
  public static Mean of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a mean needs at least one value, came none");
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double variance = squares / (values.length - 1);
    return new Mean(mean, Math.sqrt(variance / values.length), values.length);
  }

  /** This mean as an estimate in nats per example. */
  public Estimate estimate(String name, Half half) {
    return estimate(name, half, Estimate.NATS);
  }

  /** This mean as an estimate in another unit. */
  public Estimate estimate(String name, Half half, String unit) {
    return new Estimate(name, half, value, standardError, unit, examples);
  }
}
