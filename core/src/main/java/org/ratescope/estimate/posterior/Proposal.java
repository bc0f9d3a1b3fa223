package org.ratescope.estimate.posterior;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The proposal distribution of importance samples for one image: copies of its posterior with
 * widened standard deviations, and optionally the prior, with equal shares of the samples. A
 * sample's weight uses the density of the whole mixture, regardless of its component (the balance
 * heuristic, Veach and Guibas 1995).
 *
 * @param scales factors on the posterior's standard deviations, each above 0
 * @param withPrior whether the prior is a component
 */
public record Proposal(List<Double> scales, boolean withPrior) {
  /** The posterior itself, as in most work. It fails if posteriors are too narrow. */
  public static final Proposal POSTERIOR = new Proposal(List.of(1.0), false);

  /** The default: the posterior, copies wider by √10 and 10, and the prior. */
  public static final Proposal DEFENSIVE = new Proposal(List.of(1.0, Math.sqrt(10), 10.0), true);

  public Proposal {
    scales = List.copyOf(scales);
    if (!scales.stream().allMatch(s -> s > 0 && Double.isFinite(s))
        || (scales.isEmpty() && !withPrior)) {
      throw new IllegalArgumentException(
          "a proposal needs components with finite scales above 0; got %s".formatted(scales));
    }
  }

  /** Number of components. */
  public int components() {
    return scales.size() + (withPrior ? 1 : 0);
  }

  /** For a record: {@code q + q with standard deviations *3.16 + prior}. */
  public String text() {
    Stream<String> copies =
        scales.stream()
            .map(
                s ->
                    s == 1
                        ? "q"
                        : String.format(Locale.ROOT, "q with standard deviations *%.3g", s));
    return Stream.concat(copies, withPrior ? Stream.of("prior") : Stream.of())
        .collect(Collectors.joining(" + "));
  }

  /** Whether sample number {@code sample} is drawn from the prior. */
  public boolean drawsFromPrior(int sample) {
    return sample % components() == scales.size();
  }

  /**
   * Converts standard normal noise in place to sample number {@code sample} for one posterior;
   * leaves it as it is where the sample is to be drawn from the prior.
   */
  public void draw(Posteriors posteriors, int n, int sample, double[] codes, int offset) {
    int component = sample % components();
    int latent = posteriors.latentSize();
    for (int l = 0; component < scales.size() && l < latent; l++) {
      int i = n * latent + l;
      double deviation = scales.get(component) * Math.exp(0.5 * posteriors.logVar()[i]);
      codes[offset + l] = posteriors.mean()[i] + deviation * codes[offset + l];
    }
  }

  /**
   * log r(z) in nats of the mixture from which {@code samples} samples are drawn in turn, at the
   * code that starts at {@code offset}.
   *
   * @param logPrior log p(z) of that code
   */
  public double logDensity(
      Posteriors posteriors, int n, int samples, double[] codes, int offset, double logPrior) {
    int latent = posteriors.latentSize();
    double quadratic = 0;
    double logVolume = latent * Posteriors.LOG_TWO_PI;
    for (int l = 0; l < latent; l++) {
      int i = n * latent + l;
      double d = codes[offset + l] - posteriors.mean()[i];
      quadratic += d * d * Math.exp(-posteriors.logVar()[i]);
      logVolume += posteriors.logVar()[i];
    }
    LogWeights sum = new LogWeights();
    for (int c = 0; c < components(); c++) {
      double logDensity;
      if (c < scales.size()) {
        double scale = scales.get(c);
        logDensity = -0.5 * (quadratic / (scale * scale) + logVolume) - latent * Math.log(scale);
      } else {
        logDensity = logPrior;
      }
      sum.add(Math.log((double) share(c, samples) / samples) + logDensity);
    }
    return sum.logMean() + Math.log(components());
  }

  /** Number of samples from component {@code c}. */
  private int share(int c, int samples) {
    return samples / components() + (c < samples % components() ? 1 : 0);
  }
}
