package org.ratescope.model.prior;

import org.bytedeco.pytorch.Tensor;

/**
 * The weights of the runs' objectives, which broadcast over examples and latent values.
 *
 * @param betaMi weight of the mutual information [K, 1, 1]
 * @param betaKl weight of the marginal KL [K, 1, 1]
 * @param difference betaKl − betaMi [K, 1, 1]
 * @param areEqual whether both weights are equal in every run
 */
public record RateWeights(Tensor betaMi, Tensor betaKl, Tensor difference, boolean areEqual) {}
