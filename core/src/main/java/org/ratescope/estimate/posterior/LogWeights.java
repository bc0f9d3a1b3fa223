package org.ratescope.estimate.posterior;

/**
 * A running sum of importance weights given by their logarithms: their mean and effective number.
 * Weights are not stored, so any number can be added.
 */
public final class LogWeights {
  private double largest = Double.NEGATIVE_INFINITY;
  private double sum; // Σ w / largest
  private double squares; // Σ (w / largest)²
  private long count;

  public void add(double logWeight) {
    count++;
    if (logWeight == Double.NEGATIVE_INFINITY) {
      return;
    }
    if (logWeight <= largest) {
      double w = Math.exp(logWeight - largest);
      sum += w;
      squares += w * w;
    } else if (logWeight > largest) {
      double scale = Math.exp(largest - logWeight);
      sum = sum * scale + 1;
      squares = squares * scale * scale + 1;
      largest = logWeight;
    } else {
      sum = Double.NaN;
    }
  }

  /** log of the mean weight; negative infinity if all are zero, NaN if one is NaN. */
  public double logMean() {
    return largest + Math.log(sum) - Math.log((double) count);
  }

  /** The effective sample size (Σ w)² / Σ w², from 1 to the number of weights. */
  public double effectiveSize() {
    return sum * sum / squares;
  }

  /** The standard error of {@link #logMean} by the delta method: √(1/ess − 1/count). */
  public double standardError() {
    return Math.sqrt(Math.max(0, 1 / effectiveSize() - 1.0 / count));
  }
}
