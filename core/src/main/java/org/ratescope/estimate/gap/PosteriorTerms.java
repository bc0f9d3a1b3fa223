package org.ratescope.estimate.gap;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.Vae;
import org.ratescope.model.prior.Latents;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Tensors;

/**
 * Distortion and rate of each example under given posteriors, which need not be the encoder's: the
 * mean over S codes from each. In nats.
 *
 * @param distortion E_q[−log p(x|z)] [N]
 * @param rate KL(q ‖ p(z)), in closed form where the prior has one [N]
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record PosteriorTerms(double[] distortion, double[] rate) {

  /**
   * The terms from codes with these numbers: two calls with equal numbers can be compared with each
   * other.
   *
   * @param samples S, codes of each example
   * @param random the numbers of each example
   */
  static PosteriorTerms of(
      TrainedModel model,
      Examples examples,
      Posteriors posteriors,
      int samples,
      IntFunction<RunRandom> random) {
    PosteriorTerms terms =
        new PosteriorTerms(new double[examples.size()], new double[examples.size()]);
    RunRandom[] numbers = new RunRandom[examples.size()];
    Arrays.setAll(numbers, random);
    long total = (long) examples.size() * samples;
    for (long first = 0; first < total; first += TrainedModel.BATCH) {
      int count = (int) Math.min(TrainedModel.BATCH, total - first);
      terms.add(model, examples, posteriors, samples, numbers, first, count);
    }
    return terms;
  }

  /** −distortion − rate of each example. */
  double[] elbo() {
    double[] elbo = new double[distortion.length];
    Arrays.setAll(elbo, n -> -distortion[n] - rate[n]);
    return elbo;
  }

  /** Adds the shares of codes {@code first}, … counted over all examples. */
  private void add(
      TrainedModel model,
      Examples examples,
      Posteriors posteriors,
      int samples,
      RunRandom[] random,
      long first,
      int count) {
    int latent = model.latentSize();
    int[] owners = new int[TrainedModel.BATCH];
    double[] codes = new double[owners.length * latent];
    for (int i = 0; i < owners.length; i++) {
      long number = first + Math.min(i, count - 1); // the end of the batch repeats the last code
      owners[i] = (int) (number / samples);
      for (int l = 0; l < latent; l++) {
        int at = owners[i] * latent + l;
        double noise = random[owners[i]].normal(number % samples * latent + l);
        codes[i * latent + l] =
            posteriors.mean()[at] + Math.exp(0.5 * posteriors.logVar()[at]) * noise;
      }
    }
    try (PointerScope scope = new PointerScope()) {
      Vae vae = model.vae();
      examples.load(owners, vae.images());
      Tensors.write(codes, vae.codes());
      vae.decode();
      Posteriors repeated = posteriors.select(owners);
      Latents latents =
          new Latents(
              Tensors.tensor(vae.codes(), repeated.mean(), 1, owners.length, latent),
              Tensors.tensor(vae.codes(), repeated.logVar(), 1, owners.length, latent),
              vae.codes());
      double[] distortions = Tensors.doubles(vae.distortion());
      double[] rates = Tensors.doubles(vae.prior().rate(latents));
      for (int i = 0; i < count; i++) {
        distortion[owners[i]] += distortions[i] / samples;
        rate[owners[i]] += rates[i] / samples;
      }
    }
  }
}
