package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * The closed-form gradients against central differences, and the losses against a slow twin in
 * plain Java, in float64.
 */
class GradientTest {
  private static final DataSpec DATA =
      new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 4);
  private static final int RUNS = 2;
  private static final int BATCH = 3;
  private static final int LATENT = 2;
  private static final double[] BETAS = {0.3, 4};

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  private static final List<Likelihood> LIKELIHOODS =
      List.of(
          Likelihood.parse("bernoulli"),
          Likelihood.parse("continuous-bernoulli"),
          Likelihood.parse("gaussian:0.3"));

  static Stream<Arguments> models() {
    return IntStream.rangeClosed(1, 3)
        .boxed()
        .flatMap(layers -> LIKELIHOODS.stream().map(p -> Arguments.of(layers, p)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsMatchCentralDifferences(int layers, Likelihood likelihood) {
    try (PointerScope scope = new PointerScope()) {
      ParameterLayout layout =
          ParameterLayout.of(Architecture.parse("mlp:%sx5".formatted(layers)), DATA, LATENT);
      Parameters parameters = parameters(layout);
      Parameters gradients = Parameters.zeros(layout, ScalarType.Double, RUNS);
      Vae vae = Vae.forTraining(parameters, gradients, BATCH, likelihood);
      load(vae);
      vae.forward();
      vae.backward(
          ObjectiveWeights.of(
              vae, List.of(Objective.beta(BETAS[0]), Objective.beta(BETAS[1])), new int[] {9, 9}));
      double[] gradient = Tensors.doubles(gradients.rows());
      double[] values = Tensors.doubles(parameters.rows());
      for (int i = 0; i < values.length; i++) {
        int run = (int) (i / layout.size());
        double h = 1e-5;
        double difference =
            (loss(vae, parameters, values, i, h, run) - loss(vae, parameters, values, i, -h, run))
                / (2 * h);
        assertThat(gradient[i])
            .as("parameter %d of run %d", i % layout.size(), run)
            .isCloseTo(difference, within(2e-8 * Math.max(1, Math.abs(difference))));
      }
    }
  }

  private static double loss(
      Vae vae, Parameters parameters, double[] values, int i, double h, int run) {
    double[] moved = values.clone();
    moved[i] += h;
    Tensors.write(moved, parameters.rows());
    vae.forward();
    try (PointerScope scope = new PointerScope()) {
      double distortion = Tensors.doubles(vae.distortion().mean(1L))[run];
      return distortion + BETAS[run] * Tensors.doubles(vae.rate().mean(1L))[run];
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void codeGradientsMatchCentralDifferences(int layers, Likelihood likelihood) {
    try (PointerScope scope = new PointerScope()) {
      Vae vae =
          Vae.forCodes(
              parameters(
                  ParameterLayout.of(
                      Architecture.parse("mlp:%sx5".formatted(layers)), DATA, LATENT)),
              BATCH,
              likelihood);
      load(vae);
      double[] codes = Tensors.doubles(vae.noise());
      Tensors.write(codes, vae.codes());
      vae.decode();
      double[] gradient = Tensors.doubles(vae.codesGradient());
      for (int i = 0; i < codes.length; i++) {
        double h = 1e-5;
        double difference =
            (distortion(vae, codes, i, h) - distortion(vae, codes, i, -h)) / (2 * h);
        assertThat(gradient[i])
            .isCloseTo(difference, within(2e-8 * Math.max(1, Math.abs(difference))));
      }
    }
  }

  private static double distortion(Vae vae, double[] codes, int i, double h) {
    double[] moved = codes.clone();
    moved[i] += h;
    Tensors.write(moved, vae.codes());
    vae.decode();
    return Tensors.doubles(vae.distortion())[i / LATENT];
  }

  @ParameterizedTest
  @MethodSource("models")
  void lossesMatchPlainJava(int layers, Likelihood likelihood) {
    try (PointerScope scope = new PointerScope()) {
      ParameterLayout layout =
          ParameterLayout.of(Architecture.parse("mlp:%sx5".formatted(layers)), DATA, LATENT);
      Parameters parameters = parameters(layout);
      Vae vae = Vae.forEvaluation(parameters, BATCH, likelihood);
      load(vae);
      vae.forward();
      double[] distortion = Tensors.doubles(vae.distortion());
      double[] rate = Tensors.doubles(vae.rate());
      for (int run = 0; run < RUNS; run++) {
        SlowVae slow = SlowVae.of(parameters, run);
        for (int b = 0; b < BATCH; b++) {
          int row = run * BATCH + b;
          double[] x = Tensors.doubles(vae.images().select(0, run).select(0, b));
          double[] noise = Tensors.doubles(vae.noise().select(0, run).select(0, b));
          SlowVae.Losses losses = slow.losses(x, noise, likelihood);
          assertThat(distortion[row]).isCloseTo(losses.distortion(), within(1e-11));
          assertThat(rate[row]).isCloseTo(losses.rate(), within(1e-12));
        }
      }
    }
  }

  private static Parameters parameters(ParameterLayout layout) {
    Parameters parameters = Parameters.zeros(layout, ScalarType.Double, RUNS);
    for (int run = 0; run < RUNS; run++) {
      parameters.initialize(run, 10 + run);
    }
    return parameters;
  }

  private static void load(Vae vae) {
    write(vae.images(), 5, true);
    write(vae.noise(), 6, false);
  }

  private static void write(Tensor into, long seed, boolean uniform) {
    RunRandom random = RunRandom.of(seed, RunRandom.Stream.NOISE, 0);
    double[] values = new double[(int) into.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = uniform ? random.uniform(i) : random.normal(i);
    }
    Tensors.write(values, into);
  }
}
