package org.ratescope.estimate.posterior;

import org.ratescope.spec.RunRandom;

/** Gaussian posteriors q(z|x_n) = N(mean_n, diag exp(logVar_n)) of N examples, as float64. */
public final class Posteriors {
  static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final int latentSize;
  private final double[] mean; // [N, L]
  private final double[] logVar; // [N, L]

  /**
   * The posteriors with these arrays, which are not copied.
   *
   * @param latentSize L, number of values of a code
   * @param mean posterior means [N, L]
   * @param logVar log variances [N, L]
   */
  public Posteriors(int latentSize, double[] mean, double[] logVar) {
    if (!(latentSize >= 1 && mean.length == logVar.length && mean.length % latentSize == 0)) {
      throw new IllegalArgumentException(
          "posteriors need as many log variances as means, a multiple of the latent size; got %d, %d, %d"
              .formatted(logVar.length, mean.length, latentSize));
    }
    this.latentSize = latentSize;
    this.mean = mean;
    this.logVar = logVar;
  }

  /** The posteriors with copies of these values: means and log variances, both [N, L]. */
  public static Posteriors of(int latentSize, double[] mean, double[] logVar) {
    return new Posteriors(latentSize, mean.clone(), logVar.clone());
  }

  /** L, number of values of a code. */
  public int latentSize() {
    return latentSize;
  }

  /** Posterior means; callers must not change them. [N, L] */
  public double[] mean() {
    return mean;
  }

  /** Log variances; callers must not change them. [N, L] */
  public double[] logVar() {
    return logVar;
  }

  /** N, their number. */
  public int size() {
    return mean.length / latentSize;
  }

  /** The posteriors of some of the examples, in that order. */
  public Posteriors select(int[] examples) {
    double[] means = new double[examples.length * latentSize];
    double[] logVars = new double[means.length];
    for (int i = 0; i < examples.length; i++) {
      System.arraycopy(mean, examples[i] * latentSize, means, i * latentSize, latentSize);
      System.arraycopy(logVar, examples[i] * latentSize, logVars, i * latentSize, latentSize);
    }
    return new Posteriors(latentSize, means, logVars);
  }

  /** log q(z|x_n) in nats at the code that starts at {@code offset}. */
  public double logDensity(int n, double[] codes, int offset) {
    double sum = latentSize * LOG_TWO_PI;
    for (int l = 0; l < latentSize; l++) {
      double s = logVar[n * latentSize + l];
      double d = codes[offset + l] - mean[n * latentSize + l];
      sum += d * d * Math.exp(-s) + s;
    }
    return -0.5 * sum;
  }

  /** One code from each posterior; a function of the seed and the example's row. [N, L] */
  public double[] draw(Examples examples, long seed) {
    double[] codes = new double[mean.length];
    for (int n = 0; n < size(); n++) {
      RunRandom random = RunRandom.of(seed, RunRandom.Stream.CODES, examples.row(n));
      for (int l = 0; l < latentSize; l++) {
        int i = n * latentSize + l;
        codes[i] = mean[i] + Math.exp(0.5 * logVar[i]) * random.normal(l);
      }
    }
    return codes;
  }
}
