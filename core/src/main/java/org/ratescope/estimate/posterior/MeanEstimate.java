package org.ratescope.estimate.posterior;

import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;

/**
 * A mean over examples with its standard error s/√n, s² the unbiased sample variance.
 *
 * @param value the mean
 * @param standardError its standard error; NaN for one example
 * @param examples n, at least 1
 */
public record MeanEstimate(double value, double standardError, int examples) {

  /** The mean of these values, summed in order in two passes. */
  public static MeanEstimate of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a mean needs at least one value; got none");
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
    return new MeanEstimate(mean, Math.sqrt(variance / values.length), values.length);
  }

  /**
   * The mean over a large sample of a value that was computed for some of its examples only, using
   * another value that is known for all (the regression estimator of survey sampling; Cochran 1977,
   * chapter 7): ȳ + b (X̄ − x̄) with b the slope of y on x. Its variance is that of the residuals
   * over n plus b² that of X̄; the part of y that x explains does not add variance. The slope is
   * estimated, which biases the mean by O(1/n). With fewer than three examples, or an x that does
   * not vary, it is the mean of y.
   *
   * @param values y of n examples
   * @param known x of the same examples
   * @param all the mean of x over the large sample, of which they are a random part
   */
  public static MeanEstimate regressed(double[] values, double[] known, MeanEstimate all) {
    if (values.length != known.length) {
      throw new IllegalArgumentException(
          "%d values and %d known ones".formatted(values.length, known.length));
    }
    MeanEstimate y = of(values);
    MeanEstimate x = of(known);
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < values.length; i++) {
      xx += (known[i] - x.value) * (known[i] - x.value);
      xy += (known[i] - x.value) * (values[i] - y.value);
    }
    boolean isLine = values.length >= 3 && xx > 0 && Double.isFinite(xy / xx);
    if (!(isLine && Double.isFinite(all.value))) {
      return y;
    }
    double slope = xy / xx;
    double residuals = 0;
    for (int i = 0; i < values.length; i++) {
      double residual = values[i] - y.value - slope * (known[i] - x.value);
      residuals += residual * residual;
    }
    double ofResiduals = residuals / (values.length - 2) / values.length;
    double ofKnown = slope * slope * all.standardError * all.standardError;
    return new MeanEstimate(
        y.value + slope * (all.value - x.value), Math.sqrt(ofResiduals + ofKnown), values.length);
  }

  /** This mean as an estimate in nats per example. */
  public Estimate estimate(String name, Subset subset) {
    return estimate(name, subset, Estimate.NATS);
  }

  /** This mean as an estimate in another unit. */
  public Estimate estimate(String name, Subset subset, String unit) {
    return new Estimate(name, subset, value, standardError, unit, examples);
  }
}
