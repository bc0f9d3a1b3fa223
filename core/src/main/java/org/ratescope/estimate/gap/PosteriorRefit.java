package org.ratescope.estimate.gap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.Vae;
import org.ratescope.model.prior.Latents;
import org.ratescope.model.prior.RateWeights;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Tensors;

/**
 * Posteriors fitted to each image with the decoder fixed: Adam on the mean and the log variance of
 * q(z|x), from the encoder's, on the evidence lower bound.
 *
 * <p>A mean moves in units of its posterior's present standard deviation, so that the fit is the
 * same for codes on any scale, and its curvature near the optimum is about 1. Each step draws new
 * codes, in pairs mean ± deviation · noise: a fit to fixed codes would fit their noise. The
 * learning rate decreases linearly to 0, so that the noise of the last steps averages out. An image
 * whose gradient is not finite keeps the posterior that it has.
 *
 * @param steps number of steps, at least 1
 * @param samples codes of each image in a step, an even number
 * @param learningRate of the first step
 */
record PosteriorRefit(int steps, int samples, double learningRate) {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;
  private static final int ROWS = 256;

  PosteriorRefit {
    if (!(steps >= 1 && samples >= 2 && samples % 2 == 0 && learningRate > 0)) {
      throw new IllegalArgumentException(
          "a refit needs at least 1 step, an even number of samples and a learning rate above 0; got %s, %s, %s"
              .formatted(steps, samples, learningRate));
    }
  }

  /**
   * The posteriors after each of some numbers of steps.
   *
   * @param start the posteriors to begin with, one for each example
   * @param random the numbers of each example
   * @param after numbers of steps, increasing
   */
  List<Posteriors> of(
      TrainedModel model,
      Examples examples,
      Posteriors start,
      IntFunction<RunRandom> random,
      List<Integer> after,
      BuildListener listener) {
    List<Posteriors> found = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      found.add(Posteriors.of(start.latentSize(), start.mean(), start.logVar()));
    }
    int together = Math.max(1, ROWS / samples);
    for (int first = 0; first < examples.size(); first += together) {
      int count = Math.min(together, examples.size() - first);
      listener.built("refitted posteriors", first, examples.size());
      try (PointerScope scope = new PointerScope()) {
        Fit fit = new Fit(model, examples, start, random, first, count);
        for (int step = 0; step < steps; step++) {
          fit.step(step);
          int place = after.indexOf(step + 1);
          if (place >= 0) {
            fit.copyTo(found.get(place));
          }
        }
      }
    }
    return found;
  }

  /** The fit of some images; the rows of a batch are the samples of each image in turn. */
  private final class Fit {
    private final Vae vae;
    private final int first;
    private final int latent;
    private final RunRandom[] random;
    private final double[] mean; // [count, L]
    private final double[] logVar; // [count, L]
    private final double[] moments; // first moments of mean and logVar [count, 2 L]
    private final double[] squares; // second moments
    private final int[] updates; // of each image
    private final RateWeights weights;
    private final double[] codes; // [rows, L]
    private final double[] deviations; // codes − mean [rows, L]
    private final Latents latents;
    private final Latents gradient;

    Fit(
        TrainedModel model,
        Examples examples,
        Posteriors start,
        IntFunction<RunRandom> numbers,
        int first,
        int count) {
      this.first = first;
      latent = start.latentSize();
      int rows = count * samples;
      vae = Vae.forCodes(model.parameters(), rows, model.vae().likelihood());
      int[] owners = new int[rows];
      Arrays.setAll(owners, i -> first + i / samples);
      examples.load(owners, vae.images());
      vae.decode();
      random = new RunRandom[count];
      Arrays.setAll(random, i -> numbers.apply(first + i));
      mean = Arrays.copyOfRange(start.mean(), first * latent, (first + count) * latent);
      logVar = Arrays.copyOfRange(start.logVar(), first * latent, (first + count) * latent);
      moments = new double[2 * mean.length];
      squares = new double[2 * mean.length];
      updates = new int[count];
      codes = new double[rows * latent];
      deviations = new double[codes.length];
      Tensor one = Tensors.tensor(vae.codes(), new double[] {rows}, 1, 1, 1); // of a batch's mean
      weights = new RateWeights(one, one, Tensors.zeros(one, 1, 1, 1), true);
      latents = new Latents(like(), like(), vae.codes());
      gradient = new Latents(like(), like(), vae.codesGradient());
    }

    private Tensor like() {
      return Tensors.zeros(vae.codes(), 1, codes.length / latent, latent);
    }

    void copyTo(Posteriors into) {
      System.arraycopy(mean, 0, into.mean(), first * latent, mean.length);
      System.arraycopy(logVar, 0, into.logVar(), first * latent, logVar.length);
    }

    void step(int step) {
      draw(step);
      try (PointerScope scope = new PointerScope()) {
        vae.decode();
        vae.codesGradient(); // the gradient's codes
        vae.prior().rateGradient(weights, latents, gradient);
        double[] ofCodes = Tensors.doubles(gradient.codes());
        double[] ofMean = Tensors.doubles(gradient.mean());
        double[] ofLogVar = Tensors.doubles(gradient.logVar());
        double rate = learningRate * (1 - (double) step / steps);
        for (int image = 0; image < updates.length; image++) {
          update(image, gradients(image, ofCodes, ofMean, ofLogVar), rate);
        }
      }
    }

    private void draw(int step) {
      double[] means = new double[codes.length];
      double[] logVars = new double[codes.length];
      for (int row = 0; row < codes.length / latent; row++) {
        int image = row / samples;
        int sample = row % samples;
        long pair = (long) step * (samples / 2) + sample / 2;
        for (int l = 0; l < latent; l++) {
          int at = image * latent + l;
          int i = row * latent + l;
          double noise = random[image].normal(pair * latent + l);
          deviations[i] = Math.exp(0.5 * logVar[at]) * (sample % 2 == 0 ? noise : -noise);
          codes[i] = mean[at] + deviations[i];
          means[i] = mean[at];
          logVars[i] = logVar[at];
        }
      }
      Tensors.write(codes, vae.codes());
      Tensors.write(means, latents.mean());
      Tensors.write(logVars, latents.logVar());
    }

    /**
     * Gradients of an image's negative bound with respect to its mean in standard deviations, and
     * to its log variance: means over its codes. [2 L]
     */
    private double[] gradients(int image, double[] ofCodes, double[] ofMean, double[] ofLogVar) {
      double[] sum = new double[2 * latent];
      for (int i = image * samples * latent; i < (image + 1) * samples * latent; i++) {
        int l = i % latent;
        double deviation = Math.exp(0.5 * logVar[image * latent + l]);
        sum[l] += (ofMean[i] + ofCodes[i]) * deviation / samples;
        sum[latent + l] += (ofLogVar[i] + 0.5 * deviations[i] * ofCodes[i]) / samples;
      }
      return sum;
    }

    private void update(int image, double[] gradients, double rate) {
      if (!Arrays.stream(gradients).allMatch(Double::isFinite)) {
        return;
      }
      int number = ++updates[image];
      for (int g = 0; g < gradients.length; g++) {
        int i = image * gradients.length + g;
        moments[i] = BETA1 * moments[i] + (1 - BETA1) * gradients[g];
        squares[i] = BETA2 * squares[i] + (1 - BETA2) * gradients[g] * gradients[g];
        double first = moments[i] / (1 - Math.pow(BETA1, number));
        double second = squares[i] / (1 - Math.pow(BETA2, number));
        double move = rate * first / (Math.sqrt(second) + EPSILON);
        int at = image * latent + g % latent;
        if (g < latent) {
          mean[at] -= move * Math.exp(0.5 * logVar[at]);
        } else {
          logVar[at] -= move;
        }
      }
    }
  }
}
