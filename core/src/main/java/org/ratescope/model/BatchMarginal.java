package org.ratescope.model;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.tensor.Tensors;

/**
 * The inference marginal q(z) = 1/N Σ_n q(z|x_n), estimated at the batch's own codes from the
 * batch's own posteriors, and its gradient (appendix C.6; the estimator of Esmaeili et al. 2019):
 *
 * <p>log q(z_i) ≈ log [ (1/N) q(z_i|x_i) + (N − 1)/(N (B − 1)) Σ_{b≠i} q(z_i|x_b) ]
 *
 * <p>It works through the pairs (i, b) in slices of i, so that memory stays bounded whatever the
 * batch. Gradients are along the path z = mean + exp(logVar/2) · noise: of the pair (i, i) only −½
 * logVar depends on the parameters, so that the large terms that cancel are never formed.
 */
public final class BatchMarginal {
  /** Values [K, i, B, L] of a slice, for a core's cache. */
  private static final long SLICE_VALUES = 1 << 21;

  /** The same for a device with memory of its own, which wants few large calls. */
  private static final long DEVICE_SLICE_VALUES = 1 << 27;

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final Tensor codes; // [K, B, L]
  private final Tensor mean; // [K, B, L]
  private final Tensor logVar; // [K, B, L]
  private final Tensor ownLogWeight; // of the pairs (i, i): [K, 1]
  private final Tensor otherLogWeight; // of all other pairs: [K, 1, 1]
  private final int batch;
  private final int slice;

  private BatchMarginal(
      Tensor codes, Tensor mean, Tensor logVar, Tensor ownLogWeight, Tensor otherLogWeight) {
    this.codes = codes;
    this.mean = mean;
    this.logVar = logVar;
    this.ownLogWeight = ownLogWeight;
    this.otherLogWeight = otherLogWeight;
    this.batch = Math.toIntExact(codes.size(1));
    this.slice =
        Math.clamp((codes.is_cpu() ? SLICE_VALUES : DEVICE_SLICE_VALUES) / codes.numel(), 1, batch);
  }

  /**
   * The estimator over a model's buffers, whatever they hold when it is asked.
   *
   * @param trainExamples N for each run, at least 2; a batch of at least 2 is required
   */
  static BatchMarginal of(Tensor codes, Tensor mean, Tensor logVar, int[] trainExamples) {
    int batch = Math.toIntExact(codes.size(1));
    if (!(batch >= 2 && Arrays.stream(trainExamples).allMatch(n -> n >= 2))) {
      throw new IllegalArgumentException(
          "log q(z) from a batch needs a batch and training sets of at least 2 examples; got %d and %s"
              .formatted(batch, Arrays.toString(trainExamples)));
    }
    int k = trainExamples.length;
    double[] own = Arrays.stream(trainExamples).mapToDouble(n -> -Math.log(n)).toArray();
    double[] other =
        Arrays.stream(trainExamples)
            .mapToDouble(n -> Math.log((n - 1.0) / n / (batch - 1)))
            .toArray();
    return new BatchMarginal(
        codes,
        mean,
        logVar,
        Tensors.tensor(codes, own, k, 1),
        Tensors.tensor(codes, other, k, 1, 1));
  }

  /** log q(z_i) of each code of the batch. [K, B] */
  Tensor logDensity() {
    Tensor density = torch.empty_like(codes.select(2, 0));
    for (int first = 0; first < batch; first += slice) {
      try (PointerScope scope = new PointerScope()) {
        Pairs pairs = new Pairs(first, Math.min(slice, batch - first));
        density.narrow(1, first, pairs.count).copy_(torch.logsumexp(pairs.logTerms, 2L));
      }
    }
    return density;
  }

  /**
   * Adds weight · d Σ_i log q(z_i) to gradients.
   *
   * @param weight for each run [K, 1, 1]
   * @param codesGradient what flows on to mean and logVar through the codes
   * @param meanGradient what does not
   * @param logVarGradient likewise
   */
  void addGradient(
      Tensor weight, Tensor codesGradient, Tensor meanGradient, Tensor logVarGradient) {
    for (int first = 0; first < batch; first += slice) {
      try (PointerScope scope = new PointerScope()) {
        Pairs pairs = new Pairs(first, Math.min(slice, batch - first));
        Tensor share = torch.softmax(pairs.logTerms, 2).mul_(weight); // [K, i, B]
        Tensor own = share.diagonal(first, 1, 2); // [K, i]: the pairs (i, i)
        logVarGradient.narrow(1, first, pairs.count).sub_(own.unsqueeze(2).mul(new Scalar(0.5)));
        own.mul_(new Scalar(0.0));
        Tensor others = share.unsqueeze(3);
        Tensor pull = pairs.scaled.mul(others); // [K, i, B, L]
        codesGradient.narrow(1, first, pairs.count).sub_(sum(pull, 2));
        meanGradient.add_(sum(pull, 1));
        Tensor spread = pull.mul_(pairs.difference).sub_(others).mul_(new Scalar(0.5));
        logVarGradient.add_(sum(spread, 1));
      }
    }
  }

  private static Tensor sum(Tensor tensor, long axis) {
    return torch.sum(tensor, new long[] {axis}, false, new ScalarTypeOptional());
  }

  /** The terms of log q(z_i) for a slice of i and all b. */
  private final class Pairs {
    private final int count;
    private final Tensor difference; // z_i − mean_b [K, i, B, L]
    private final Tensor scaled; // the same divided by the variance of b
    private final Tensor logTerms; // log weight + log q(z_i|x_b) [K, i, B]

    Pairs(int first, int count) {
      this.count = count;
      difference = codes.narrow(1, first, count).unsqueeze(2).sub(mean.unsqueeze(1));
      scaled = difference.mul(logVar.neg().exp_().unsqueeze(1));
      Tensor spread = sum(logVar.add(new Scalar(LOG_TWO_PI)), 2); // [K, B]
      logTerms = sum(difference.mul(scaled), 3).add_(spread.unsqueeze(1)).mul_(new Scalar(-0.5));
      Tensor own = logTerms.diagonal(first, 1, 2).add(ownLogWeight); // [K, i]
      logTerms.add_(otherLogWeight).diagonal(first, 1, 2).copy_(own);
    }
  }
}
