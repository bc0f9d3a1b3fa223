package org.ratescope.estimate.posterior;

/**
 * The weights w_n(z) = q(z|x_n) / Σ_m q(z|x_m) of N posteriors at one code (Equation 5), computed
 * in log space.
 */
public final class Responsibilities {
  private final double[] weights;
  private final double logSum;
  private final int largest;

  private Responsibilities(double[] weights, double logSum, int largest) {
    this.weights = weights;
    this.logSum = logSum;
    this.largest = largest;
  }

  /** From log q(z|x_n) of all n, at least one. */
  public static Responsibilities of(double[] logTerms) {
    int largest = 0;
    for (int n = 1; n < logTerms.length; n++) {
      largest = logTerms[n] > logTerms[largest] ? n : largest;
    }
    double[] weights = new double[logTerms.length];
    double sum = 0;
    for (int n = 0; n < logTerms.length; n++) {
      weights[n] = Math.exp(logTerms[n] - logTerms[largest]);
      sum += weights[n];
    }
    for (int n = 0; n < weights.length; n++) {
      weights[n] /= sum;
    }
    return new Responsibilities(weights, logTerms[largest] + Math.log(sum), largest);
  }

  /** w, which sums to 1. [N] */
  public double[] weights() {
    return weights;
  }

  /** log Σ_n q(z|x_n), not divided by N, in nats. */
  public double logSum() {
    return logSum;
  }

  /** The posterior with the largest weight; the first among equal ones. */
  public int largest() {
    return largest;
  }

  /** Its weight. */
  public double largestWeight() {
    return weights[largest];
  }

  /** exp(H(w)), from 1 if one posterior has all the weight to N if all are equal. */
  public double perplexity() {
    double entropy = 0;
    for (double w : weights) {
      entropy -= w > 0 ? w * Math.log(w) : 0;
    }
    return Math.exp(entropy);
  }
}
