package org.ratescope.claim;

import org.ratescope.figure.MadeNumbers;
import org.ratescope.figure.MadeRun;

/** Made-up numbers of which no claim about training holds. */
final class OppositeNumbers implements MadeNumbers {
  @Override
  public double of(MadeRun run, String name, String subset) {
    double t = run.decades();
    double rate = 20 - t;
    return switch (name) {
      case "distortion" -> distortion(run, subset);
      case "rate" -> rate;
      case "elbo", "logMarginal" -> -distortion(run, subset) - rate;
      case "mutualInformation" -> 0.5 * Math.log(run.train());
      case "decoderNorm" -> subset.equals("train") ? 20 - t : Double.NaN;
      case "activeDimensions" -> 10;
      default -> MadeNumbers.PAPER.of(run, name, subset);
    };
  }

  /**
   * Depth has the other's curve, CV splits get harder with size, the checkerboard is as easy as the
   * dense.
   */
  private static double distortion(MadeRun run, String subset) {
    MadeRun other = run.layers(4 - run.layers());
    double t = run.decades();
    double fit = 60 + 25.0 / other.layers() + 3 * t * t + 0.1 * run.seed();
    double shift = run.objective().equals("kl") ? 60 : 0;
    boolean hard = run.is("cv") && run.train() < run.test();
    if (subset.equals("train") || !hard) {
      return fit + shift;
    }
    boolean peak = other.layers() == 1 && run.likelihood().equals("bernoulli");
    double more = 1 + run.train() / 100_000.0;
    return fit + shift + more * (peak ? 12 * Math.exp(-t) + 2 : 4 + 6 * t);
  }
}
