package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.prior.Latents;
import org.ratescope.model.prior.Normal;
import org.ratescope.model.prior.Prior;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Priors in float64: gradients against central differences, closed forms against the general
 * equations.
 */
class PriorTest {
  private static final int BATCH = 4;
  private static final int LATENT = 2;
  private static final int DIMENSIONS = 5;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  static Stream<Prior> priors() {
    return Stream.of(new Normal(), new LinearPrior(0), new LinearPrior(0.4));
  }

  /** Over all parameters of two runs with different objectives, those of the prior among them. */
  @ParameterizedTest
  @MethodSource("priors")
  void gradientsOfTheLossMatchCentralDifferences(Prior prior) {
    for (List<Objective> objectives :
        List.of(
            List.of(Objective.beta(0.3), Objective.beta(4)),
            List.of(new Objective(0.5, 2), Objective.marginalKl(3)))) {
      try (PointerScope scope = new PointerScope()) {
        Parameters parameters = parameters(prior);
        ParameterLayout layout = parameters.layout();
        Parameters gradients = Parameters.zeros(layout, ScalarType.Double, 2);
        Vae vae = Vae.forTraining(parameters, gradients, BATCH, Likelihood.parse("bernoulli"));
        ObjectiveWeights weights = ObjectiveWeights.of(vae, objectives, new int[] {40, 7});
        Tensors.write(uniforms(5, BATCH * 2 * DIMENSIONS), vae.images());
        Tensors.write(normals(6, BATCH * 2 * LATENT), vae.noise());
        vae.forward();
        vae.backward(weights);
        double[] gradient = Tensors.doubles(gradients.rows());
        double[] values = Tensors.doubles(parameters.rows());
        for (int i = 0; i < values.length; i++) {
          int run = (int) (i / layout.size());
          double difference =
              difference(
                  values,
                  i,
                  moved -> {
                    Tensors.write(moved, parameters.rows());
                    vae.forward();
                    try (PointerScope inner = new PointerScope()) {
                      return Tensors.doubles(vae.loss(weights))[run];
                    }
                  });
          assertThat(gradient[i])
              .as("parameter %d of run %d", i % layout.size(), run)
              .isCloseTo(difference, within(3e-8 * Math.max(1, Math.abs(difference))));
        }
      }
    }
  }

  private static double difference(double[] values, int i, ToDoubleFunction<double[]> function) {
    double h = 1e-5;
    double[] moved = values.clone();
    moved[i] += h;
    double up = function.applyAsDouble(moved);
    moved[i] -= 2 * h;
    return (up - function.applyAsDouble(moved)) / (2 * h);
  }

  /** log p(z), its gradient and the energies over arrays agree with one another. */
  @ParameterizedTest
  @MethodSource("priors")
  void arraysAgreeWithTensors(Prior prior) {
    try (PointerScope scope = new PointerScope()) {
      PriorDensity density = evaluated(prior);
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
  @MethodSource("priors")
  void theDensityIsNormalisedAndSampled(Prior prior) {
    try (PointerScope scope = new PointerScope()) {
      PriorDensity density = evaluated(prior);
      Tensor like = Tensors.zeros(ScalarType.Double, 1, 1, LATENT);
      int side = 240;
      double cell = 0.1;
      double[] grid = new double[side * side * LATENT];
      for (int i = 0; i < side * side; i++) {
        grid[2 * i] = (i % side - side / 2.0 + 0.5) * cell;
        int row = i / side;
        grid[2 * i + 1] = (row - side / 2.0 + 0.5) * cell;
      }
      double[] logDensities = density.logDensities(like, grid);
      assertThat(Arrays.stream(logDensities).map(Math::exp).sum() * cell * cell)
          .isCloseTo(1, within(1e-9));
      double entropy = -Arrays.stream(logDensities).map(p -> p * Math.exp(p)).sum() * cell * cell;
      double[] samples = normals(3, 20_000 * LATENT);
      for (int n = 0; n < 20_000; n++) {
        density.sample(samples, n * LATENT, LATENT, () -> 0.5);
      }
      double mean = Arrays.stream(density.logDensities(like, samples)).average().orElseThrow();
      assertThat(mean).isCloseTo(-entropy, within(5 / Math.sqrt(20_000)));
    }
  }

  /** The rate in closed form is the mean of the general one over many codes. */
  @Test
  void theClosedFormIsTheMeanOverCodes() {
    int codes = 40_000;
    try (PointerScope scope = new PointerScope()) {
      Tensor mean = Tensors.tensor(ScalarType.Double, new double[] {0.4, -1}, 1, 1, LATENT);
      Tensor logVar = Tensors.tensor(ScalarType.Double, new double[] {-1, 0.5}, 1, 1, LATENT);
      Tensor noise = Tensors.tensor(ScalarType.Double, normals(4, codes * LATENT), 1, codes, 2);
      Tensor drawn = logVar.exp().sqrt().mul(noise).add(mean);
      Latents latents =
          new Latents(mean.expand(1, codes, LATENT), logVar.expand(1, codes, LATENT), drawn);
      double[] exact = Tensors.doubles(new Normal().rate(latents));
      double[] general = Tensors.doubles(evaluated(new LinearPrior(0)).rate(latents));
      double[] logQ = new double[codes];
      double[] exactKl =
          Tensors.doubles(
              new Normal().marginalKl(Tensors.tensor(ScalarType.Double, logQ, 1, codes), latents));
      double[] generalKl =
          Tensors.doubles(
              evaluated(new LinearPrior(0))
                  .marginalKl(Tensors.tensor(ScalarType.Double, logQ, 1, codes), latents));
      assertThat(Arrays.stream(general).average().orElseThrow()).isCloseTo(exact[0], within(0.05));
      assertThat(Arrays.stream(generalKl).average().orElseThrow())
          .isCloseTo(exactKl[0], within(0.05));
    }
  }

  private static PriorDensity evaluated(Prior prior) {
    Parameters parameters = parameters(prior).range(0, 1);
    return Vae.forEvaluation(parameters, 1, Likelihood.parse("bernoulli")).prior();
  }

  private static Parameters parameters(Prior prior) {
    ParameterLayout layout =
        ParameterLayout.of(
            Architecture.parse("mlp:1x4"), ImageShape.vector(DIMENSIONS), LATENT, prior);
    Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 2);
    parameters.initialize(0, 3);
    parameters.initialize(1, 4);
    return parameters;
  }

  private static double[] uniforms(long seed, int count) {
    RunRandom random = RunRandom.of(seed, RunRandom.Stream.NOISE, 0);
    double[] values = new double[count];
    Arrays.setAll(values, random::uniform);
    return values;
  }

  private static double[] normals(long seed, int count) {
    double[] values = new double[count];
    RunRandom.of(seed, RunRandom.Stream.NOISE, 0).normals(values, 0, count);
    return values;
  }
}
