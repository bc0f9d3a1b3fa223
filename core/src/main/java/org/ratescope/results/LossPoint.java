package org.ratescope.results;

/**
 * The batch losses in one training step, before its update: nats per example, means over the batch.
 *
 * @param step the update's number, from 0
 * @param distortion the batch's distortion
 * @param rate the batch's rate
 */
public record LossPoint(int step, double distortion, double rate) {}
