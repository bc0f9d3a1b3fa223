package org.ratescope.claim;

import org.ratescope.figure.MadeNumbers;
import org.ratescope.figure.MadeRun;

/**
 * Numbers of networks after a few updates: nearly the same for each network and split, with the
 * small trends in β and depth that a few updates already give, and noise over restarts.
 *
 * @param salt other noise for another text
 */
record UntrainedNumbers(String salt) implements MadeNumbers {
  @Override
  public double of(MadeRun run, String name, String subset) {
    double t = run.decades();
    double noise = run.noise(name + subset + salt);
    return switch (name) {
      case "distortion" -> 300 + 0.02 * t - 0.1 * run.layers() + 0.4 * noise;
      case "rate" -> 0.3 + 0.1 * Math.exp(-t) + 0.02 * noise;
      case "elbo" -> -300.3 - 0.02 * t + 0.1 * run.layers() + 0.4 * noise;
      case "logMarginal" -> -300.2 - 0.02 * t + 0.1 * run.layers() + 0.4 * noise;
      case "mutualInformation" -> 0.2 + 0.01 * noise;
      case "marginalKl" -> 0.1 + 0.1 * Math.exp(-t) + 0.005 * noise;
      case "decoderNorm" ->
          subset.equals("train") ? 6 + 0.02 * t + run.layers() + 0.01 * noise : Double.NaN;
      case "activeDimensions" -> 10;
      default -> MadeNumbers.PAPER.of(run, name, subset);
    };
  }
}
