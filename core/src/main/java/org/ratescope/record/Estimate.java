package org.ratescope.record;

import org.ratescope.study.Half;

/**
 * A number an estimator found on one half of the data, with its standard error over examples.
 *
 * @param name what was estimated: distortion, rate, elbo, …
 * @param half the half of the data
 * @param value the mean over examples
 * @param standardError standard error of the mean over the examples used; 0 for a quantity without
 *     sampling
 * @param unit the unit, in most cases {@link #NATS}
 * @param examples how many examples were used
 */
public record Estimate(
    String name, Half half, double value, double standardError, String unit, int examples) {
  /** Nats per example. */
  public static final String NATS = "nats per example";
}
