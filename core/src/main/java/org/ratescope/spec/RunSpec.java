package org.ratescope.spec;

import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.text.Checks;

/**
 * One run: everything that determines its trained weights. Two equal values train to the same
 * weights on the same device.
 *
 * @param data the images
 * @param split which of them train
 * @param architecture encoder and decoder
 * @param latentSize values of a latent code, at least 1
 * @param likelihood the decoder's distribution
 * @param prior the distribution of the codes
 * @param objective what is maximised
 * @param training how
 * @param seed the only source of randomness: initial weights, batch order and noise are functions
 *     of it
 */
public record RunSpec(
    DataSpec data,
    Split split,
    Architecture architecture,
    int latentSize,
    Likelihood likelihood,
    Prior prior,
    Objective objective,
    Training training,
    long seed) {
  public static final int MAX_LATENT_SIZE = 1 << 12;

  /** A run with the standard normal prior. */
  public RunSpec(
      DataSpec data,
      Split split,
      Architecture architecture,
      int latentSize,
      Likelihood likelihood,
      Objective objective,
      Training training,
      long seed) {
    this(
        data,
        split,
        architecture,
        latentSize,
        likelihood,
        Prior.normal(),
        objective,
        training,
        seed);
  }

  public RunSpec {
    Checks.within("latent size", latentSize, 1, MAX_LATENT_SIZE);
    if (!objective.usesClosedFormRate() && !(training.batch() >= 2)) {
      throw new IllegalArgumentException(
          "batch must be at least 2 where betaMi and betaKl differ, since log q(z) is estimated"
              + " from the batch, got "
              + training.batch());
    }
  }

  /**
   * The canonical text: every field of {@link RunFields} in a fixed order. Part of the record
   * format, see docs/record-format.md.
   */
  public String canonical() {
    return RunFields.text(this);
  }

  /**
   * Reads {@link #canonical}, which does not say where the images of a user's own data set are.
   *
   * @throws IllegalArgumentException if the text is not what {@code canonical} writes
   */
  public static RunSpec parse(String canonical) {
    return RunFields.parse(canonical);
  }

  /** The same run with images of another place or name. */
  public RunSpec data(DataSpec other) {
    return new RunSpec(
        other, split, architecture, latentSize, likelihood, prior, objective, training, seed);
  }

  /** The same run on another split. */
  public RunSpec split(Split other) {
    return new RunSpec(
        data, other, architecture, latentSize, likelihood, prior, objective, training, seed);
  }

  /** The same run in another precision. */
  public RunSpec precision(Precision other) {
    return training(training.precision(other));
  }

  /** The same run with another rule for ending early. */
  public RunSpec stopping(Stopping other) {
    return training(training.stopping(other));
  }

  private RunSpec training(Training other) {
    return new RunSpec(
        data, split, architecture, latentSize, likelihood, prior, objective, other, seed);
  }

  /** The identity of this run: a hash of {@link #canonical}. */
  public RunId id() {
    return RunId.of(canonical());
  }
}
