package org.ratescope.model.prior;

import java.util.Arrays;

/**
 * Mean and standard deviation of each latent value over N posteriors: the moments of q(z).
 *
 * @param mean [L]
 * @param deviation [L]
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record CodeMoments(double[] mean, double[] deviation) {
  /**
   * @param means posterior means [N, L]
   * @param variances posterior variances [N, L]
   */
  static CodeMoments of(double[] means, double[] variances, int latentSize) {
    double n = means.length / (double) latentSize;
    double[] mean = new double[latentSize];
    double[] square = new double[latentSize];
    for (int i = 0; i < means.length; i++) {
      mean[i % latentSize] += means[i] / n;
    }
    for (int i = 0; i < means.length; i++) {
      double d = means[i] - mean[i % latentSize];
      square[i % latentSize] += (d * d + variances[i]) / n;
    }
    return new CodeMoments(mean, Arrays.stream(square).map(Math::sqrt).toArray());
  }
}
