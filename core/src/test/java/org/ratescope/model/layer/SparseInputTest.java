package org.ratescope.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.ObjectiveWeights;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.Vae;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** The first layer on non-zero inputs beside the plain product, which has all inputs. */
class SparseInputTest {
  private static final int RUNS = 3;
  private static final int BATCH = 7;
  private static final int DIMENSIONS = 40;
  private static final int WIDTH = 9;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Images of which that share of the values is not zero, among them whole images of zeros. */
  private static Tensor images(double share, int step) {
    float[] values = new float[RUNS * BATCH * DIMENSIONS];
    RunRandom random = RunRandom.of(3, RunRandom.Stream.SUBSET, step);
    for (int i = 0; i < values.length; i++) {
      boolean black = i / DIMENSIONS % BATCH == 2 || i % DIMENSIONS == DIMENSIONS - 1;
      values[i] = black || random.uniform(2L * i) > share ? 0 : (float) random.uniform(2L * i + 1);
    }
    return Tensors.tensor(ScalarType.Float, values, RUNS, BATCH, DIMENSIONS);
  }

  private static Tensor normal(long seed, long... shape) {
    Tensor tensor = Tensors.empty(ScalarType.Float, shape);
    double[] values = new double[Math.toIntExact(tensor.numel())];
    RunRandom.of(seed, RunRandom.Stream.NOISE, 0).normals(values, 0, values.length);
    Tensors.write(values, tensor);
    return tensor;
  }

  private static SparseInput sparse(Tensor x) {
    Tensor output = Tensors.empty(ScalarType.Float, RUNS, BATCH, WIDTH);
    return new SparseInput(
        x, normal(1, RUNS, DIMENSIONS, WIDTH), normal(2, RUNS, 1, WIDTH), output);
  }

  private static double difference(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item_double();
  }

  @Test
  void productsAreThoseWithAllInputs() {
    try (PointerScope scope = new PointerScope()) {
      Tensor x = images(0.2, 0);
      Tensor weight = normal(1, RUNS, DIMENSIONS, WIDTH);
      Tensor bias = normal(2, RUNS, 1, WIDTH);
      Tensor gradient = normal(3, RUNS, BATCH, WIDTH);
      Tensor output = Tensors.empty(ScalarType.Float, RUNS, BATCH, WIDTH);
      Tensor weightGradient = Tensors.empty(ScalarType.Float, RUNS, DIMENSIONS, WIDTH).fill_(ONE);
      SparseInput sparse = new SparseInput(x, weight, bias, output);
      assertThat(sparse.read()).isTrue();
      sparse.forward();
      sparse.weightGradient(gradient, weightGradient);

      assertThat(difference(output, torch.baddbmm(bias, x, weight))).isLessThan(2e-6);
      assertThat(difference(weightGradient, torch.bmm(x.transpose(1, 2), gradient)))
          .isLessThan(2e-6);
      assertThat(weightGradient.select(1, DIMENSIONS - 1).abs().max().item_double()).isZero();
    }
  }

  private static final Scalar ONE = new Scalar(1.0);

  @Test
  void denseBatchesAndEmptyOnesAreLeftToThePlainProduct() {
    try (PointerScope scope = new PointerScope()) {
      Tensor x = images(0.5, 0);
      assertThat(sparse(x).read()).isFalse();
      x.select(0, 0).zero_();
      x.select(0, 1).zero_();
      assertThat(sparse(x).read()).as("one dense run").isFalse();
      assertThat(sparse(x.zero_()).read()).as("nothing at all").isFalse();
    }
  }

  /** Thirty updates by gradient descent; between them batches become dense and sparse again. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void trainingIsThatWithAllInputsWithinRounding(int layers) {
    try (PointerScope scope = new PointerScope()) {
      ParameterLayout layout =
          ParameterLayout.of(
              Architecture.parse("mlp:%sx%s".formatted(layers, WIDTH)), DIMENSIONS, 2);
      Trained sparse = new Trained(layout, true);
      Trained plain = new Trained(layout, false);
      Trained again = new Trained(layout, true);
      for (int step = 0; step < 30; step++) {
        for (Trained each : List.of(sparse, plain, again)) {
          each.update(images(step % 10 == 9 ? 0.6 : 0.15, step), step);
        }
      }
      double moved = difference(sparse.parameters.rows(), plain.initial);
      assertThat(moved).isGreaterThan(0.1);
      assertThat(difference(sparse.parameters.rows(), plain.parameters.rows()))
          .isCloseTo(0, within(1e-5 * moved));
      assertThat(difference(sparse.parameters.rows(), again.parameters.rows())).isZero();
    }
  }

  /** Models under training, and what they started with. */
  private static final class Trained {
    private final Parameters parameters;
    private final Parameters gradients;
    private final Tensor initial;
    private final Vae vae;
    private final ObjectiveWeights weights;

    Trained(ParameterLayout layout, boolean skipsZeros) {
      parameters = Parameters.zeros(layout, ScalarType.Float, RUNS);
      gradients = Parameters.zeros(layout, ScalarType.Float, RUNS);
      for (int k = 0; k < RUNS; k++) {
        parameters.initialize(k, k);
      }
      initial = parameters.rows().clone();
      Likelihood likelihood = Likelihood.parse("bernoulli");
      vae =
          skipsZeros
              ? Vae.forTraining(parameters, gradients, BATCH, likelihood)
              : Vae.forPlainTraining(parameters, gradients, BATCH, likelihood);
      List<Objective> objectives =
          List.of(Objective.beta(0.1), Objective.beta(1), Objective.beta(0.01));
      weights = ObjectiveWeights.of(vae, objectives, new int[] {99, 99, 99});
    }

    void update(Tensor images, int step) {
      vae.images().copy_(images);
      vae.noise().copy_(normal(100 + step, RUNS, BATCH, 2));
      vae.forward();
      vae.backward(weights);
      parameters.rows().sub_(gradients.rows().mul(new Scalar(0.02)));
    }
  }
}
