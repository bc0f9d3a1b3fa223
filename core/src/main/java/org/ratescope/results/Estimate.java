package org.ratescope.results;

import org.ratescope.spec.Subset;

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
 * @param settings how it was estimated, where there is a choice: samples, proposal, mixture; empty
 *     where there is none
 */
public record Estimate(
    String name,
    Subset half,
    double value,
    double standardError,
    String unit,
    int examples,
    String settings) {
  /** Nats per example. */
  public static final String NATS = "nats per example";

  /** An estimate without settings. */
  public Estimate(
      String name, Subset half, double value, double standardError, String unit, int examples) {
    this(name, half, value, standardError, unit, examples, "");
  }

  /** The same with those settings. */
  public Estimate settings(String text) {
    return new Estimate(name, half, value, standardError, unit, examples, text);
  }
}
