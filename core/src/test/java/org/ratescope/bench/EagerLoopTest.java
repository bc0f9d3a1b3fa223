package org.ratescope.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.ObjectiveWeights;
import org.ratescope.model.Parameters;
import org.ratescope.model.Vae;
import org.ratescope.model.WeightsFile;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;
import org.ratescope.train.TrainingState;

/** The peer computes what Ratescope computes, else a comparison of their speed says nothing. */
class EagerLoopTest {

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** On the same weights, real images and noise: the loss, and every gradient by autograd. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp:1x24", "mlp:3x16", "cnn:1x4", "cnn:2x5", "resmlp:2x12"})
  void lossAndGradientsAgree(String architecture) {
    BenchCase measured = new BenchCase(Architecture.parse(architecture), 16, true, 6);
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(measured.cohort(1));
      Parameters parameters = state.parameters();
      Parameters gradients =
          Parameters.zeros(parameters.layout(), Tensors.type(parameters.rows()), 1);
      Vae vae =
          Vae.forTraining(parameters, gradients, measured.batch(), Likelihood.parse("bernoulli"));
      Tensor x = batch(measured.images(), measured.batch());
      double[] noise = new double[Math.toIntExact(vae.noise().numel())];
      RunRandom.of(4, RunRandom.Stream.NOISE, 0).normals(noise, 0, noise.length);
      Tensors.write(noise, vae.noise());
      vae.images().copy_(x.unsqueeze(0));
      ObjectiveWeights weights =
          ObjectiveWeights.of(vae, List.of(Objective.beta(BenchCase.BETA)), new int[] {100});
      vae.forward();
      vae.backward(weights);

      EagerLoop eager =
          new EagerLoop(measured.architecture(), measured.shape(), BenchCase.BETA, parameters);
      Tensor loss = eager.loss(x, vae.noise().select(0, 0));
      loss.backward();

      double expected = vae.loss(weights).item_double();
      assertThat(expected).isGreaterThan(100);
      assertThat(loss.item_double()).isCloseTo(expected, within(1e-6 * expected));
      Map<String, Tensor> computed = WeightsFile.copies(gradients, 0);
      eager
          .parameters()
          .forEach(
              (name, leaf) -> {
                Tensor own = Objects.requireNonNull(computed.get(name), name);
                double largest = leaf.grad().abs().max().item_double();
                assertThat(largest).as(name).isPositive();
                assertThat(torch.sub(own, leaf.grad()).abs().max().item_double())
                    .as(name)
                    .isLessThan(2e-5 * largest);
              });
      assertThat(computed).hasSameSizeAs(eager.parameters());
    }
  }

  private static Tensor batch(ImageTensor pool, int size) {
    return pool.select(IntStream.range(0, size).mapToLong(i -> 31L * i).toArray());
  }

  /**
   * Its updates lower the loss by about as much as they should: Adam's first steps are the rate.
   */
  @ParameterizedTest
  @ValueSource(strings = {"mlp:1x24", "cnn:1x4"})
  void itTrains(String architecture) {
    BenchCase measured = new BenchCase(Architecture.parse(architecture), 8, true, 8);
    try (PointerScope scope = new PointerScope()) {
      TrainingState state = TrainingState.initial(measured.cohort(1));
      EagerLoop eager =
          new EagerLoop(
              measured.architecture(), measured.shape(), BenchCase.BETA, state.parameters());
      Tensor x = batch(measured.images(), measured.batch());
      Tensor noise = torch.zeros(8, 10);
      double before = eager.loss(x, noise).item_double();
      Tensor first = eager.parameters().values().iterator().next();
      Tensor initial = first.detach().clone();
      eager.step(x);
      double moved = first.detach().sub(initial).abs().max().item_double();
      assertThat(moved).isCloseTo(1e-3, within(1e-5));
      for (int i = 0; i < 100; i++) {
        eager.step(x);
      }
      assertThat(eager.loss(x, noise).item_double()).isLessThan(0.8 * before);
      assertThat(first.detach().sub(initial).abs().max().item_double()).isLessThan(0.15);
    }
  }
}
