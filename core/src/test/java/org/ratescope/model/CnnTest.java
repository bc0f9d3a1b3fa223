package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * Convolutional VAEs of two runs at once, in float64: values against plain Java, the closed-form
 * gradients against central differences.
 */
class CnnTest {
  private static final int RUNS = 2;
  private static final int BATCH = 3;
  private static final int LATENT = 2;
  private static final double[] BETAS = {0.3, 4};
  private static final Likelihood LIKELIHOOD = Likelihood.parse("bernoulli");

  /** A network, and the shapes of its images and of what its convolutions compute. */
  record Model(Architecture architecture, List<ImageShape> shapes) {
    static Model of(int layers, int channels, int[][] sides) {
      return new Model(
          Architecture.parse("cnn:%sx%s".formatted(layers, channels)),
          Arrays.stream(sides).map(s -> new ImageShape(s[0], s[1], s[2])).toList());
    }

    ImageShape images() {
      return shapes.getFirst();
    }

    ParameterLayout layout() {
      return ParameterLayout.of(architecture, images(), LATENT);
    }

    @Override
    public String toString() {
      return architecture.text() + " on " + images().text();
    }
  }

  static Stream<Model> models() {
    return Stream.of(
        Model.of(1, 3, new int[][] {{1, 8, 8}, {3, 4, 4}}),
        Model.of(1, 2, new int[][] {{2, 7, 5}, {2, 4, 4}}),
        Model.of(1, 2, new int[][] {{1, 1, 11}, {2, 4, 8}}),
        Model.of(2, 3, new int[][] {{1, 8, 8}, {3, 4, 4}, {3, 2, 2}}),
        Model.of(2, 2, new int[][] {{2, 7, 5}, {2, 4, 4}, {2, 2, 2}}),
        Model.of(3, 4, new int[][] {{3, 4, 4}, {4, 4, 4}, {4, 2, 2}, {4, 1, 1}}),
        Model.of(3, 4, new int[][] {{1, 8, 13}, {4, 4, 8}, {4, 2, 4}, {4, 1, 2}}));
  }

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @ParameterizedTest
  @MethodSource("models")
  void valuesMatchPlainJava(Model model) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters(model.layout());
      Vae vae = Vae.forEvaluation(parameters, BATCH, LIKELIHOOD);
      load(vae);
      vae.forward();
      for (int run = 0; run < RUNS; run++) {
        SlowCnn slow = new SlowCnn(parameters, run, model.shapes());
        for (int b = 0; b < BATCH; b++) {
          SlowCnn.Result expected =
              slow.run(at(vae.images(), run, b), at(vae.noise(), run, b), LIKELIHOOD);
          close(at(vae.mean(), run, b), expected.mean());
          close(at(vae.logVar(), run, b), expected.logVar());
          close(at(vae.logits(), run, b), expected.logits());
          assertThat(Tensors.doubles(vae.distortion())[run * BATCH + b])
              .isCloseTo(expected.distortion(), within(1e-11));
          assertThat(Tensors.doubles(vae.rate())[run * BATCH + b])
              .isCloseTo(expected.rate(), within(1e-12));
        }
      }
    }
  }

  private static void close(double[] values, List<Double> expected) {
    double[] twin = expected.stream().mapToDouble(Double::doubleValue).toArray();
    assertThat(values).containsExactly(twin, within(1e-13));
  }

  private static ObjectiveWeights weights(Vae vae, double... betas) {
    int[] trainExamples = new int[betas.length];
    Arrays.fill(trainExamples, 100);
    return ObjectiveWeights.of(
        vae, Arrays.stream(betas).mapToObj(Objective::beta).toList(), trainExamples);
  }

  private static double[] at(Tensor buffer, int run, int b) {
    return Tensors.doubles(buffer.select(0, run).select(0, b));
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsMatchCentralDifferences(Model model) {
    try (PointerScope scope = new PointerScope()) {
      ParameterLayout layout = model.layout();
      Parameters parameters = parameters(layout);
      Parameters gradients = Parameters.zeros(layout, ScalarType.Double, RUNS);
      Vae vae = Vae.forTraining(parameters, gradients, BATCH, LIKELIHOOD);
      load(vae);
      vae.forward();
      vae.backward(weights(vae, BETAS));
      double[] gradient = Tensors.doubles(gradients.rows());
      double[] values = Tensors.doubles(parameters.rows());
      for (int run = 0; run < RUNS; run++) {
        WeightsFile.views(gradients, run)
            .forEach(
                (name, g) -> assertThat(Tensors.doubles(g.abs().sum())[0]).as(name).isPositive());
      }
      for (int i = 0; i < values.length; i++) {
        int run = (int) (i / layout.size());
        double h = 1e-6;
        double difference =
            (loss(vae, parameters, values, i, h)[run] - loss(vae, parameters, values, i, -h)[run])
                / (2 * h);
        assertThat(gradient[i])
            .as("parameter %d of run %d", i % layout.size(), run)
            .isCloseTo(difference, within(3e-8 * Math.max(1, Math.abs(difference))));
      }
    }
  }

  private static double[] loss(Vae vae, Parameters parameters, double[] values, int i, double h) {
    double[] moved = values.clone();
    moved[i] += h;
    Tensors.write(moved, parameters.rows());
    vae.forward();
    try (PointerScope scope = new PointerScope()) {
      double[] losses = Tensors.doubles(vae.distortion().mean(1L));
      double[] rates = Tensors.doubles(vae.rate().mean(1L));
      for (int run = 0; run < RUNS; run++) {
        losses[run] += BETAS[run] * rates[run];
      }
      return losses;
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void codeGradientsMatchCentralDifferences(Model model) {
    try (PointerScope scope = new PointerScope()) {
      Vae vae = Vae.forCodes(parameters(model.layout()), BATCH, LIKELIHOOD);
      load(vae);
      double[] codes = Tensors.doubles(vae.noise());
      Tensors.write(codes, vae.codes());
      vae.decode();
      double[] gradient = Tensors.doubles(vae.codesGradient());
      for (int i = 0; i < codes.length; i++) {
        double h = 1e-6;
        double difference =
            (distortion(vae, codes, i, h) - distortion(vae, codes, i, -h)) / (2 * h);
        assertThat(gradient[i])
            .isCloseTo(difference, within(3e-8 * Math.max(1, Math.abs(difference))));
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

  /** Each run of three has the numbers of a model of its own. */
  @Test
  void aRunDoesNotDependOnItsCohort() {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse("cnn:2x8"), new ImageShape(3, 12, 10), LATENT);
    try (PointerScope scope = new PointerScope()) {
      Parameters three = Parameters.zeros(layout, ScalarType.Float, 3);
      Parameters gradients = Parameters.zeros(layout, ScalarType.Float, 3);
      for (int run = 0; run < 3; run++) {
        three.initialize(run, run);
      }
      Vae together = Vae.forTraining(three, gradients, BATCH, LIKELIHOOD);
      load(together);
      together.forward();
      together.backward(weights(together, 1, 2, 3));
      for (int run = 0; run < 3; run++) {
        Parameters own = Parameters.zeros(layout, ScalarType.Float, 1);
        Vae alone = Vae.forTraining(three.range(run, 1), own, BATCH, LIKELIHOOD);
        alone.images().copy_(together.images().narrow(0, run, 1));
        alone.noise().copy_(together.noise().narrow(0, run, 1));
        alone.forward();
        alone.backward(weights(alone, run + 1));
        assertThat(Tensors.floats(alone.logits()))
            .containsExactly(Tensors.floats(together.logits().select(0, run)), within(1e-6f));
        assertThat(Tensors.floats(own.row(0)))
            .containsExactly(Tensors.floats(gradients.row(run)), within(1e-5f));
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
    RunRandom random = RunRandom.of(5, RunRandom.Stream.NOISE, 0);
    double[] images = new double[(int) vae.images().numel()];
    Arrays.setAll(images, random::uniform);
    Tensors.write(images, vae.images());
    double[] noise = new double[(int) vae.noise().numel()];
    RunRandom.of(6, RunRandom.Stream.NOISE, 0).normals(noise, 0, noise.length);
    Tensors.write(noise, vae.noise());
  }
}
