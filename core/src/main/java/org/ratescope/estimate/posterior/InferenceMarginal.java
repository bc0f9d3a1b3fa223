package org.ratescope.estimate.posterior;

import java.util.Arrays;

/**
 * The inference marginal q(z) = 1/N Σ_n q(z|x_n) of N posteriors. Densities are computed from
 * differences z − mean_n in float64, so that narrow posteriors (log variances of −30) lose no
 * digits, and summed in a running log-sum-exp over tiles, so that only the posteriors need memory.
 */
public final class InferenceMarginal {
  private static final int TILE = 512;

  /** Terms smaller than the largest by this many nats are below float64's last digit. */
  private static final double NEGLIGIBLE = -45;

  private final Posteriors posteriors;
  private final double[][] mean; // [L][N]
  private final double[][] halfPrecision; // ½ exp(−logVar) [L][N]
  private final double[] constant; // [N]

  private InferenceMarginal(Posteriors posteriors) {
    this.posteriors = posteriors;
    int n = posteriors.size();
    int latent = posteriors.latentSize();
    mean = new double[latent][n];
    halfPrecision = new double[latent][n];
    constant = new double[n];
    Arrays.fill(constant, -0.5 * latent * Posteriors.LOG_TWO_PI);
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < latent; l++) {
        double logVar = posteriors.logVar()[i * latent + l];
        mean[l][i] = posteriors.mean()[i * latent + l];
        halfPrecision[l][i] = 0.5 * Math.exp(-logVar);
        constant[i] -= 0.5 * logVar;
      }
    }
  }

  /**
   * The mixture of these posteriors, with equal weights.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static InferenceMarginal of(Posteriors posteriors) {
    if (posteriors.size() == 0) {
      throw new IllegalArgumentException("a mixture needs at least one posterior; got none");
    }
    return new InferenceMarginal(posteriors);
  }

  /** N, the number of posteriors. */
  public int size() {
    return posteriors.size();
  }

  /**
   * log q(z_i) in nats, over all N posteriors: the {@code exact} estimator.
   *
   * @param codes z [M, L]
   */
  public double[] logDensity(double[] codes) {
    int count = codes.length / posteriors.latentSize();
    double[] largest = new double[count];
    double[] sum = new double[count];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    double[] terms = new double[TILE];
    for (int first = 0; first < size(); first += TILE) {
      int width = Math.min(TILE, size() - first);
      for (int i = 0; i < count; i++) {
        fill(codes, i * posteriors.latentSize(), first, width, terms);
        double max = Math.max(largest[i], max(terms, width));
        sum[i] = sum[i] * rescale(largest[i], max) + sumExp(terms, width, max);
        largest[i] = max;
      }
    }
    double[] logDensity = new double[count];
    Arrays.setAll(logDensity, i -> largest[i] + Math.log(sum[i]) - Math.log(size()));
    return logDensity;
  }

  /** log q(z|x_n) of all N posteriors at the code that starts at {@code offset}. [N] */
  public double[] logTerms(double[] codes, int offset) {
    double[] terms = new double[size()];
    double[] tile = new double[TILE];
    for (int first = 0; first < size(); first += TILE) {
      int width = Math.min(TILE, size() - first);
      fill(codes, offset, first, width, tile);
      System.arraycopy(tile, 0, terms, first, width);
    }
    return terms;
  }

  private void fill(double[] codes, int offset, int first, int width, double[] terms) {
    System.arraycopy(constant, first, terms, 0, width);
    for (int l = 0; l < mean.length; l++) {
      subtract(terms, codes[offset + l], mean[l], halfPrecision[l], first, width);
    }
  }

  private static void subtract(
      double[] terms, double z, double[] mean, double[] halfPrecision, int first, int width) {
    for (int n = 0; n < width; n++) {
      double d = z - mean[first + n];
      terms[n] -= d * d * halfPrecision[first + n];
    }
  }

  private static double max(double[] terms, int width) {
    double max = Double.NEGATIVE_INFINITY;
    for (int n = 0; n < width; n++) {
      max = Math.max(max, terms[n]);
    }
    return max;
  }

  private static double sumExp(double[] terms, int width, double max) {
    double sum = 0;
    for (int n = 0; n < width; n++) {
      double d = terms[n] - max;
      if (!(d < NEGLIGIBLE)) { // keeps NaN
        sum += Math.exp(d);
      }
    }
    return sum;
  }

  private static double rescale(double from, double to) {
    return from == Double.NEGATIVE_INFINITY ? 0 : Math.exp(from - to);
  }

  /**
   * The paper's estimate of log q(z_i) from one batch (Esmaeili et al. 2019): log [ 1/N q(z_i|x_i)
   * + (N−1)/(N(B−1)) Σ_{b≠i} q(z_i|x_b) ]. The weights correct for the own posterior, which is
   * always in the batch.
   *
   * @param batch the posteriors of the batch, at least two
   * @param codes a code drawn from each of them [B, L]
   * @param n N, the size of the whole mixture, at least B
   */
  public static double[] batch(Posteriors batch, double[] codes, int n) {
    int size = batch.size();
    if (!(size >= 2 && n >= size)) {
      throw new IllegalArgumentException(
          "the batch estimate needs 2 to N posteriors; got %d of %d".formatted(size, n));
    }
    double others = Math.log(n - 1) - Math.log(n) - Math.log(size - 1);
    InferenceMarginal mixture = of(batch);
    double[] logDensity = new double[size];
    for (int i = 0; i < size; i++) {
      double[] terms = mixture.logTerms(codes, i * batch.latentSize());
      for (int b = 0; b < size; b++) {
        terms[b] += b == i ? -Math.log(n) : others;
      }
      double max = max(terms, size);
      logDensity[i] = max + Math.log(sumExp(terms, size, max));
    }
    return logDensity;
  }
}
