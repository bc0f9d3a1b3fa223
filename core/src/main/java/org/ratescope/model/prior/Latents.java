package org.ratescope.model.prior;

import org.bytedeco.pytorch.Tensor;

/**
 * Gaussian posteriors and a code drawn from each, or the gradients with respect to them.
 *
 * @param mean posterior means [K, B, L]
 * @param logVar log variances [K, B, L]
 * @param codes mean + exp(logVar / 2) · noise [K, B, L]
 */
public record Latents(Tensor mean, Tensor logVar, Tensor codes) {}
