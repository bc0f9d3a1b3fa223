package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ratescope.model.PriorFixture.LATENT;
import static org.ratescope.model.PriorFixture.difference;
import static org.ratescope.model.PriorFixture.evaluated;
import static org.ratescope.model.PriorFixture.normals;
import static org.ratescope.model.PriorFixture.parameters;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.prior.ExemplarPrior;
import org.ratescope.model.prior.FlowPrior;
import org.ratescope.model.prior.Latents;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.model.prior.VampPrior;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Densities of priors in float64: normalised, sampled, and closed forms against the general ones.
 */
class PriorTest {
  /** A density of ReLU networks has kinks, over which sums over a grid converge slowly. */
  private static final double KINKED = 1e-4;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** log p(z), its gradient and the energies over arrays agree with one another. */
  @ParameterizedTest
  @MethodSource("org.ratescope.model.PriorFixture#priors")
  void arraysAgreeWithTensors(Prior prior) {
    try (PointerScope scope = new PointerScope()) {
      PriorDensity density = evaluated(prior, LATENT);
      double[] codes = normals(1, 7 * LATENT);
      double[] momenta = normals(2, 7 * LATENT);
      Tensor like = Tensors.zeros(ScalarType.Double, 1, 3, LATENT);
      double[] logDensities = density.logDensities(like, codes);
      assertThat(logDensities)
          .containsExactly(
              Tensors.doubles(
                  density.logDensity(Tensors.tensor(ScalarType.Double, codes, 1, 7, LATENT))),
              within(1e-14));
      double[] gradients = density.logDensityGradients(like, codes);
      double[] energies = density.energies(like, codes, momenta);
      for (int i = 0; i < codes.length; i++) {
        int n = i / LATENT;
        assertThat(gradients[i])
            .isCloseTo(
                difference(codes, i, moved -> density.logDensities(like, moved)[n]), within(1e-8));
      }
      double constant = energies[0] + logDensities[0] - kinetic(momenta, 0);
      for (int n = 0; n < 7; n++) {
        assertThat(energies[n] + logDensities[n] - kinetic(momenta, n))
            .isCloseTo(constant, within(1e-12));
      }
    }
  }

  private static double kinetic(double[] momenta, int n) {
    return 0.5 * Arrays.stream(momenta, n * LATENT, (n + 1) * LATENT).map(m -> m * m).sum();
  }

  /** The density integrates to 1 over a grid, and samples have its mean of log p(z). */
  @ParameterizedTest
  @MethodSource("org.ratescope.model.PriorFixture#priors")
  void theDensityIsNormalisedAndSampled(Prior prior) {
    double cell = 0.1;
    int side = 240;
    double[] grid = new double[side * side * LATENT];
    for (int i = 0; i < side * side; i++) {
      grid[2 * i] = (i % side - side / 2.0 + 0.5) * cell;
      int row = i / side;
      grid[2 * i + 1] = (row - side / 2.0 + 0.5) * cell;
    }
    checkDensity(prior, LATENT, grid, cell * cell);
  }

  @ParameterizedTest
  @MethodSource("org.ratescope.model.PriorFixture#priors")
  void theDensityOfOneLatentValueIsNormalisedAndSampled(Prior prior) {
    double cell = 0.005;
    double[] grid = new double[6000];
    Arrays.setAll(grid, i -> (i - 3000 + 0.5) * cell);
    checkDensity(prior, 1, grid, cell);
  }

  private static void checkDensity(Prior prior, int latentSize, double[] grid, double volume) {
    try (PointerScope scope = new PointerScope()) {
      PriorDensity density = evaluated(prior, latentSize);
      Tensor like = Tensors.zeros(ScalarType.Double, 1, 1, latentSize);
      double[] logDensities = density.logDensities(like, grid);
      assertThat(Arrays.stream(logDensities).map(Math::exp).sum() * volume)
          .isCloseTo(1, within(prior instanceof FlowPrior ? KINKED : 1e-9));
      double entropy = -Arrays.stream(logDensities).map(p -> p * Math.exp(p)).sum() * volume;
      int count = 20_000;
      double[] samples = normals(3, count * latentSize);
      for (int n = 0; n < count; n++) {
        RunRandom random = RunRandom.of(4, RunRandom.Stream.NOISE, n);
        density.sample(samples, n * latentSize, latentSize, () -> random.uniform(0));
      }
      double[] sampled = density.logDensities(like, samples);
      double mean = Arrays.stream(sampled).average().orElseThrow();
      double variance =
          Arrays.stream(sampled).map(p -> (p - mean) * (p - mean)).average().orElseThrow();
      assertThat(mean).isCloseTo(-entropy, within(5 * Math.sqrt(variance / count)));
    }
  }

  /** The rate in closed form is the mean of the general one over many codes. */
  @ParameterizedTest
  @ValueSource(strings = {"normal", "gaussian"})
  void theClosedFormIsTheMeanOverCodes(String prior) {
    int codes = 40_000;
    try (PointerScope scope = new PointerScope()) {
      PriorDensity density = evaluated(Prior.parse(prior), LATENT);
      Tensor mean = Tensors.tensor(ScalarType.Double, new double[] {0.4, -1}, 1, 1, LATENT);
      Tensor logVar = Tensors.tensor(ScalarType.Double, new double[] {-1, 0.5}, 1, 1, LATENT);
      Tensor noise = Tensors.tensor(ScalarType.Double, normals(4, codes * LATENT), 1, codes, 2);
      Tensor drawn = logVar.exp().sqrt().mul(noise).add(mean);
      Latents latents =
          new Latents(mean.expand(1, codes, LATENT), logVar.expand(1, codes, LATENT), drawn);
      double[] exact = Tensors.doubles(density.rate(latents));
      double general = // log q(z|x) − log p(z), its first part in closed form
          -Arrays.stream(Tensors.doubles(density.logDensity(drawn))).average().orElseThrow()
              - LATENT * 0.5 * (1 + Math.log(2 * Math.PI))
              - 0.5 * (-1 + 0.5);
      assertThat(general).isCloseTo(exact[0], within(0.05));
      double[] logQ = new double[codes];
      double[] exactKl =
          Tensors.doubles(
              density.marginalKl(Tensors.tensor(ScalarType.Double, logQ, 1, codes), latents));
      assertThat(-Arrays.stream(Tensors.doubles(density.logDensity(drawn))).average().orElseThrow())
          .isCloseTo(exactKl[0], within(0.05));
    }
  }

  /** Of the exemplars that are copies of a batch's image, none counts for it in training. */
  @Test
  void anImageIsLeftOutOfItsOwnExemplarPrior() {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters(new ExemplarPrior(3), LATENT).range(0, 1);
      Tensor exemplars =
          Objects.requireNonNull(WeightsFile.views(parameters, 0).get("prior.images"));
      exemplars.select(0, 2).copy_(exemplars.select(0, 0));
      Parameters gradients = Parameters.zeros(parameters.layout(), ScalarType.Double, 1);
      Vae training = Vae.forTraining(parameters, gradients, 2, Likelihood.parse("bernoulli"));
      training.images().select(0, 0).select(0, 0).copy_(exemplars.select(0, 0));
      training.images().select(0, 0).select(0, 1).fill_(new Scalar(0.5));
      training.encode();
      double[] codes = {0.2, -0.3, 0.2, -0.3};
      Tensor z = Tensors.tensor(ScalarType.Double, codes, 1, 2, LATENT);
      double[] found = Tensors.doubles(training.prior().logDensity(z));
      Vae evaluation = Vae.forEvaluation(parameters, 3, Likelihood.parse("bernoulli"));
      evaluation.images().copy_(exemplars.unsqueeze(0));
      evaluation.encode();
      double[] means = Tensors.doubles(evaluation.mean());
      double[] scale =
          Tensors.doubles(
              Objects.requireNonNull(WeightsFile.views(parameters, 0).get("prior.logScale")));
      double[] terms = new double[3];
      for (int n = 0; n < 3; n++) {
        terms[n] = -LATENT * (0.5 * Math.log(2 * Math.PI) + scale[0]);
        for (int l = 0; l < LATENT; l++) {
          double d = (codes[l] - means[n * LATENT + l]) / Math.exp(scale[0]);
          terms[n] -= 0.5 * d * d;
        }
      }
      double all = Math.log((Math.exp(terms[0]) + Math.exp(terms[1]) + Math.exp(terms[2])) / 3);
      assertThat(found[0]).isCloseTo(terms[1], within(1e-12)); // two copies are left out
      assertThat(found[1]).isCloseTo(all, within(1e-12));
      assertThat(evaluation.prior().logDensities(evaluation.codes(), codes))
          .containsExactly(new double[] {all, all}, within(1e-12));
    }
  }

  /**
   * Beyond an end of [0, 1] a pseudo-input counts as the end, and only a way back has a gradient.
   */
  @Test
  void pseudoInputsStayWithinTheImages() {
    try (PointerScope scope = new PointerScope()) {
      Parameters outside = parameters(new VampPrior(2), LATENT).range(0, 1);
      Tensor inputs = Objects.requireNonNull(WeightsFile.views(outside, 0).get("prior.inputs"));
      Tensors.write(new double[] {-0.5, 0, 0.3, 1, 1.5, 0, -2, 0.7, 3, 1}, inputs);
      Parameters gradients = Parameters.zeros(outside.layout(), ScalarType.Double, 1);
      Vae vae = Vae.forTraining(outside, gradients, 1, Likelihood.parse("bernoulli"));
      vae.forward();
      double loss = Tensors.doubles(vae.rate())[0];
      vae.backward(ObjectiveWeights.of(vae, List.of(Objective.beta(1)), new int[] {9}));
      double[] found =
          Tensors.doubles(
              Objects.requireNonNull(WeightsFile.views(gradients, 0).get("prior.inputs")));
      double[] clamped = {0, 0, 0.3, 1, 1, 0, 0, 0.7, 1, 1};
      Tensors.write(clamped, inputs);
      vae.forward();
      assertThat(Tensors.doubles(vae.rate())[0]).isEqualTo(loss);
      int back = 0;
      for (int i = 0; i < clamped.length; i++) {
        double slope =
            difference(
                clamped,
                i,
                moved -> { // the encoder reads what stands there, within an evaluation's clamp
                  double[] inward = moved.clone();
                  Tensors.write(inward, inputs);
                  vae.forward();
                  return Tensors.doubles(vae.rate())[0];
                });
        if (clamped[i] > 0 && clamped[i] < 1) {
          assertThat(found[i]).isCloseTo(slope, within(1e-8));
        } else if (found[i] != 0) { // a one-sided difference has half the slope
          back++;
          assertThat(found[i]).isCloseTo(2 * slope, within(1e-4 * Math.abs(slope) + 1e-8));
          assertThat(found[i] < 0).isEqualTo(clamped[i] == 0);
        }
      }
      assertThat(back).isBetween(1, 7);
    }
  }
}
