package org.ratescope.results;

import org.ratescope.spec.Subset;

/**
 * A point of a learning curve: distortion and rate of a fixed sample of the training or test set,
 * in nats per example, with the weights after some updates. The noise is the same at every point of
 * a run.
 *
 * @param step number of updates made, from 0
 * @param subset the set from which the sample is
 * @param distortion the sample's mean distortion, one latent for each image
 * @param rate the sample's mean rate
 */
public record CurvePoint(int step, Subset subset, double distortion, double rate) {}
