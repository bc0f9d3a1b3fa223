package org.ratescope.estimate;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.model.Vae;
import org.ratescope.results.Estimate;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Tensors;

/**
 * Distortion E[−log p(x|z)], rate KL(q(z|x) ‖ p(z)) and their negative sum, the evidence lower
 * bound at beta = 1 (Equations 1 and 3). One code is drawn for each example; the rate is in closed
 * form where the prior has one. Means over examples, in nats per example.
 */
public final class Elbo implements Estimator {
  private static final List<String> NAMES = List.of("distortion", "rate", "elbo");

  @Override
  public List<String> names() {
    return NAMES;
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    Terms terms = terms(model, data.examples(subset), seed);
    return List.of(
        MeanEstimate.of(terms.distortion).estimate("distortion", subset),
        MeanEstimate.of(terms.rate).estimate("rate", subset),
        MeanEstimate.of(terms.elbo()).estimate("elbo", subset));
  }

  /** The evidence lower bound of each example, with the same codes as the estimate's. */
  public static double[] elbo(TrainedModel model, Examples examples, long seed) {
    return terms(model, examples, seed).elbo();
  }

  /** The distortion of each example, with the same codes as the estimate's. */
  static double[] distortion(TrainedModel model, Examples examples, long seed) {
    return terms(model, examples, seed).distortion;
  }

  private static Terms terms(TrainedModel model, Examples examples, long seed) {
    Vae vae = model.vae();
    double[] distortion = new double[examples.size()];
    double[] rate = new double[examples.size()];
    double[] noise = new double[Math.toIntExact(vae.noise().numel())];
    for (int first = 0; first < examples.size(); first += TrainedModel.BATCH) {
      try (PointerScope scope = new PointerScope()) {
        int count = examples.load(first, vae.images());
        RunRandom.of(seed, RunRandom.Stream.EVALUATION, first).normals(noise, 0, noise.length);
        Tensors.write(noise, vae.noise());
        vae.forward();
        System.arraycopy(Tensors.doubles(vae.distortion()), 0, distortion, first, count);
        System.arraycopy(Tensors.doubles(vae.rate()), 0, rate, first, count);
      }
    }
    return new Terms(distortion, rate);
  }

  /** Both terms of each example. */
  private static final class Terms {
    private final double[] distortion;
    private final double[] rate;

    Terms(double[] distortion, double[] rate) {
      this.distortion = distortion;
      this.rate = rate;
    }

    double[] elbo() {
      double[] elbo = new double[distortion.length];
      Arrays.setAll(elbo, i -> -distortion[i] - rate[i]);
      return elbo;
    }
  }
}
