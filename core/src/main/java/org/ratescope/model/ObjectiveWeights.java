package org.ratescope.model;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.Objective;
import org.ratescope.tensor.Tensors;

/**
 * The weights of the runs' objectives, as tensors that broadcast over examples and latent values.
 *
 * @param betaMi weight of the mutual information [K, 1, 1]
 * @param betaKl weight of the marginal KL [K, 1, 1]
 * @param difference betaKl − betaMi [K, 1, 1]
 * @param marginal log q(z) from the batch; null where both weights are equal in every run
 */
public record ObjectiveWeights(
    Tensor betaMi, Tensor betaKl, Tensor difference, @Nullable BatchMarginal marginal) {

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
    boolean closedForm = objectives.stream().allMatch(Objective::usesClosedFormRate);
    return new ObjectiveWeights(
        Tensors.tensor(vae.codes(), mi, mi.length, 1, 1),
        Tensors.tensor(vae.codes(), kl, mi.length, 1, 1),
        Tensors.tensor(vae.codes(), difference, mi.length, 1, 1),
        closedForm ? null : BatchMarginal.of(vae.codes(), vae.mean(), vae.logVar(), trainExamples));
  }
}
