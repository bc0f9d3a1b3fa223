package org.ratescope.model;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.prior.RateWeights;
import org.ratescope.spec.Objective;
import org.ratescope.tensor.Tensors;

/**
 * The weights of the runs' objectives.
 *
 * @param rate as tensors that broadcast over examples and latent values
 * @param marginal log q(z) from the batch; null where both weights are equal in every run
 */
public record ObjectiveWeights(RateWeights rate, @Nullable BatchMarginal marginal) {

  /**
   * The weights for a model's runs.
   *
   * @param objectives one for each run
   * @param trainExamples N for each run, the components of its inference marginal
   */
  public static ObjectiveWeights of(Vae vae, List<Objective> objectives, int[] trainExamples) {
    double[] mi = objectives.stream().mapToDouble(Objective::betaMi).toArray();
    double[] kl = objectives.stream().mapToDouble(Objective::betaKl).toArray();
    double[] difference = new double[mi.length];
    Arrays.setAll(difference, k -> kl[k] - mi[k]);
    boolean areEqual = objectives.stream().allMatch(Objective::usesClosedFormRate);
    Tensor codes = vae.codes();
    return new ObjectiveWeights(
        new RateWeights(
            Tensors.tensor(codes, mi, mi.length, 1, 1),
            Tensors.tensor(codes, kl, mi.length, 1, 1),
            Tensors.tensor(codes, difference, mi.length, 1, 1),
            areEqual),
        areEqual ? null : BatchMarginal.of(codes, vae.mean(), vae.logVar(), trainExamples));
  }
}
