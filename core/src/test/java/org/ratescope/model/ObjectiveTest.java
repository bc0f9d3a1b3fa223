package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.model.likelihood.ContinuousBernoulli;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Training;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Objectives whose weights differ (appendix C.6), in float64: the loss against a twin in plain Java
 * loops, its gradient against central differences, and the batch's estimate of log q(z) against the
 * sum it stands for.
 */
class ObjectiveTest {
  private static final int DIMENSIONS = 6;
  private static final int BATCH = 5;
  private static final int LATENT = 2;
  private static final int[] TRAIN_EXAMPLES = {40, 7};

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  static Stream<Arguments> models() {
    List<List<Objective>> cohorts =
        List.of(
            List.of(Objective.mutualInformation(3), Objective.marginalKl(0.7)),
            List.of(new Objective(0.4, 5), new Objective(2, 0.1)),
            List.of(Objective.beta(0.3), Objective.marginalKl(2)));
    List<Likelihood> likelihoods =
        List.of(
            Likelihood.parse("bernoulli"),
            Likelihood.parse("continuous-bernoulli"),
            Likelihood.parse("gaussian:0.1"));
    return cohorts.stream()
        .flatMap(
            objectives ->
                likelihoods.stream()
                    .flatMap(
                        likelihood ->
                            Stream.of(1, 3)
                                .map(layers -> Arguments.of(objectives, likelihood, layers))));
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsMatchCentralDifferences(
      List<Objective> objectives, Likelihood likelihood, int layers) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters(layers);
      Parameters gradients = Parameters.zeros(parameters.layout(), ScalarType.Double, 2);
      Vae vae = Vae.forTraining(parameters, gradients, BATCH, likelihood);
      ObjectiveWeights weights = ObjectiveWeights.of(vae, objectives, TRAIN_EXAMPLES);
      fill(vae);
      vae.forward();
      vae.backward(weights);
      double[] gradient = Tensors.doubles(gradients.rows());
      double[] values = Tensors.doubles(parameters.rows());
      for (int i = 0; i < values.length; i++) {
        int run = (int) (i / parameters.layout().size());
        double h = 1e-5;
        double up = loss(vae, weights, parameters, values, i, h)[run];
        double down = loss(vae, weights, parameters, values, i, -h)[run];
        double difference = (up - down) / (2 * h);
        assertThat(gradient[i])
            .as("parameter %d of run %d", i % parameters.layout().size(), run)
            .isCloseTo(difference, within(3e-8 * Math.max(1, Math.abs(difference))));
      }
    }
  }

  private static double[] loss(
      Vae vae, ObjectiveWeights weights, Parameters parameters, double[] values, int i, double h) {
    double[] moved = values.clone();
    moved[i] += h;
    Tensors.write(moved, parameters.rows());
    vae.forward();
    try (PointerScope scope = new PointerScope()) {
      return Tensors.doubles(vae.loss(weights));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void lossesMatchPlainJava(List<Objective> objectives, Likelihood likelihood, int layers) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters(layers);
      Vae vae = Vae.forEvaluation(parameters, BATCH, likelihood);
      fill(vae);
      vae.forward();
      double[] losses =
          Tensors.doubles(vae.loss(ObjectiveWeights.of(vae, objectives, TRAIN_EXAMPLES)));
      for (int run = 0; run < 2; run++) {
        SlowVae slow = SlowVae.of(parameters, run);
        double[][] posteriors = new double[BATCH][];
        double[][] codes = new double[BATCH][LATENT];
        double distortion = 0;
        for (int b = 0; b < BATCH; b++) {
          double[] x = Tensors.doubles(vae.images().select(0, run).select(0, b));
          double[] noise = Tensors.doubles(vae.noise().select(0, run).select(0, b));
          distortion += slow.losses(x, noise, likelihood).distortion() / BATCH;
          posteriors[b] = slow.posterior(x);
          for (int l = 0; l < LATENT; l++) {
            codes[b][l] = posteriors[b][l] + Math.exp(posteriors[b][LATENT + l] / 2) * noise[l];
          }
        }
        Objective objective = objectives.get(run);
        double regulariser = 0;
        for (int i = 0; i < BATCH; i++) {
          double logMarginal = slowLogMarginal(codes[i], i, posteriors, TRAIN_EXAMPLES[run]);
          double expectedLogPosterior = 0; // of log q(z|x) and log p(z), z ~ q(z|x), in closed form
          double expectedLogPrior = 0;
          for (int l = 0; l < LATENT; l++) {
            double mean = posteriors[i][l];
            double logVar = posteriors[i][LATENT + l];
            double c = Math.log(2 * Math.PI);
            expectedLogPosterior -= 0.5 * (c + logVar + 1);
            expectedLogPrior -= 0.5 * (c + mean * mean + Math.exp(logVar));
          }
          double rate = expectedLogPosterior - expectedLogPrior;
          double kl = logMarginal - expectedLogPrior;
          regulariser +=
              objective.usesClosedFormRate()
                  ? objective.betaKl() * rate
                  : objective.betaMi() * (rate - kl) + objective.betaKl() * kl;
        }
        assertThat(losses[run]).isCloseTo(distortion + regulariser / BATCH, within(1e-10));
      }
    }
  }

  /** log [ (1/N) q(z_i|x_i) + (N − 1)/(N (B − 1)) Σ_{b≠i} q(z_i|x_b) ], density by density. */
  private static double slowLogMarginal(double[] z, int i, double[][] posteriors, int n) {
    double sum = 0;
    for (int b = 0; b < posteriors.length; b++) {
      double density = 1;
      for (int l = 0; l < z.length; l++) {
        double variance = Math.exp(posteriors[b][z.length + l]);
        double d = z[l] - posteriors[b][l];
        density *= Math.exp(-d * d / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
      }
      double weight = b == i ? 1.0 / n : (n - 1.0) / n / (posteriors.length - 1);
      sum += weight * density;
    }
    return Math.log(sum);
  }

  /** A batch too large for one slice gives what a density by density sum gives. */
  @Test
  void slicesOfALargeBatchJoin() {
    int batch = 1500;
    int n = 5000;
    try (PointerScope scope = new PointerScope()) {
      Tensor mean = normals(1, batch);
      Tensor logVar = normals(2, batch);
      Tensor codes = normals(3, batch);
      BatchMarginal marginal = BatchMarginal.of(codes, mean, logVar, new int[] {n});
      double[] density = Tensors.doubles(marginal.logDensity());
      double[] means = Tensors.doubles(mean);
      double[] logVars = Tensors.doubles(logVar);
      double[] z = Tensors.doubles(codes);
      double[][] posteriors = new double[batch][];
      for (int b = 0; b < batch; b++) {
        posteriors[b] =
            new double[] {means[2 * b], means[2 * b + 1], logVars[2 * b], logVars[2 * b + 1]};
      }
      for (int i : new int[] {0, 1, 698, 699, 700, 1400, 1499}) {
        double slow = slowLogMarginal(new double[] {z[2 * i], z[2 * i + 1]}, i, posteriors, n);
        assertThat(density[i]).as("code %d", i).isCloseTo(slow, within(1e-11));
      }
      Tensor[] gradients = new Tensor[3];
      Arrays.setAll(gradients, g -> Tensors.zeros(ScalarType.Double, 1, batch, LATENT));
      Tensor one = Tensors.tensor(ScalarType.Double, new double[] {1}, 1, 1, 1);
      marginal.addGradient(one, gradients[0], gradients[1], gradients[2]);
      // moving all codes and means together changes nothing: what flows to both adds up to 0
      double[] shift = Tensors.doubles(gradients[0].add(gradients[1]).sum(1L));
      assertThat(shift).containsExactly(new double[] {0, 0}, within(1e-9));
    }
  }

  /** Two weights for each run, not two for each pair: the largest batch has 2³² pairs. */
  @Test
  void theLargestBatchIsPossible() {
    try (PointerScope scope = new PointerScope()) {
      Tensor codes = normals(1, Training.MAX_BATCH);
      assertThatCode(() -> BatchMarginal.of(codes, codes, codes, new int[] {1 << 20}))
          .doesNotThrowAnyException();
    }
  }

  private static Tensor normals(long seed, int batch) {
    double[] values = new double[batch * LATENT];
    RunRandom.of(seed, RunRandom.Stream.NOISE, 0).normals(values, 0, values.length);
    return Tensors.tensor(ScalarType.Double, values, 1, batch, LATENT);
  }

  @Test
  void aBatchOfOneIsRefused() {
    try (PointerScope scope = new PointerScope()) {
      Vae vae = Vae.forEvaluation(parameters(1), 1, Likelihood.parse("bernoulli"));
      assertThatThrownBy(
              () ->
                  ObjectiveWeights.of(
                      vae,
                      List.of(Objective.marginalKl(1), Objective.marginalKl(1)),
                      TRAIN_EXAMPLES))
          .hasMessageContaining("at least 2 examples; got 1 and [40, 7]");
    }
  }

  /** Mean and normaliser of the continuous Bernoulli against Simpson's rule, near 0 and far. */
  @Test
  void theContinuousBernoulliIsADensityWithThatMean() {
    double[] logits = {-30, -4, -0.11, -0.099, -1e-3, 0, 1e-6, 0.05, 0.0999, 0.1001, 2, 12};
    try (PointerScope scope = new PointerScope()) {
      Tensor l = Tensors.tensor(ScalarType.Double, logits, 1, logits.length, 1);
      Tensor x = Tensors.tensor(ScalarType.Double, new double[logits.length], 1, logits.length, 1);
      double[] distortion = Tensors.doubles(new ContinuousBernoulli().distortion(l, x));
      double[] mean = Tensors.doubles(new ContinuousBernoulli().mean(l));
      for (int i = 0; i < logits.length; i++) {
        double p = 1 / (1 + Math.exp(-logits[i]));
        double expected = -Math.log(1 - p) + Math.log(SlowVae.integral(p));
        assertThat(distortion[i]).as("logit %s", logits[i]).isCloseTo(expected, within(1e-8));
        assertThat(mean[i]).as("logit %s", logits[i]).isCloseTo(slowMean(p), within(1e-8));
      }
    }
  }

  private static double slowMean(double p) {
    int intervals = 200_000;
    double sum = 0;
    for (int i = 0; i < intervals; i++) {
      double x = (i + 0.5) / intervals;
      sum += x * Math.pow(p, x) * Math.pow(1 - p, 1 - x);
    }
    return sum / intervals / SlowVae.integral(p);
  }

  private static Parameters parameters(int layers) {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse("mlp:%sx4".formatted(layers)), DIMENSIONS, LATENT);
    Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 2);
    parameters.initialize(0, 3);
    parameters.initialize(1, 4);
    return parameters;
  }

  private static void fill(Vae vae) {
    RunRandom pixels = RunRandom.of(5, RunRandom.Stream.NOISE, 0);
    double[] x = new double[(int) vae.images().numel()];
    Arrays.setAll(x, pixels::uniform);
    Tensors.write(x, vae.images());
    double[] noise = new double[(int) vae.noise().numel()];
    RunRandom.of(6, RunRandom.Stream.NOISE, 0).normals(noise, 0, noise.length);
    Tensors.write(noise, vae.noise());
  }
}
