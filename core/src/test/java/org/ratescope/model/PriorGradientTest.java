package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ratescope.model.PriorFixture.LATENT;
import static org.ratescope.model.PriorFixture.difference;
import static org.ratescope.model.PriorFixture.normals;
import static org.ratescope.model.PriorFixture.parameters;
import static org.ratescope.model.PriorFixture.uniforms;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Prior;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Gradients of the loss with each prior, in float64, against central differences. */
class PriorGradientTest {
  private static final int BATCH = 4;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Over all parameters of two runs with different objectives, those of the prior among them. */
  @ParameterizedTest
  @MethodSource("org.ratescope.model.PriorFixture#priors")
  void gradientsOfTheLossMatchCentralDifferences(Prior prior) {
    checkGradients(parameters(prior, LATENT), LATENT);
  }

  /** One value of a code, of which a coupling keeps all or none. */
  @ParameterizedTest
  @MethodSource("org.ratescope.model.PriorFixture#priors")
  void gradientsOfOneLatentValueMatchToo(Prior prior) {
    checkGradients(parameters(prior, 1), 1);
  }

  /**
   * Pseudo-inputs get their gradient through the first convolution, exemplars give theirs to it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"vamp:2", "exemplar:2"})
  void priorsMadeOfAConvolutionalEncoderHaveGradients(String prior) {
    ParameterLayout layout =
        ParameterLayout.of(
            Architecture.parse("cnn:2x3"), new ImageShape(2, 5, 4), LATENT, Prior.parse(prior));
    checkGradients(parameters(layout), LATENT);
  }

  private static void checkGradients(Parameters parameters, int latentSize) {
    for (List<Objective> objectives :
        List.of(
            List.of(Objective.beta(0.3), Objective.beta(4)),
            List.of(new Objective(0.5, 2), Objective.marginalKl(3)))) {
      try (PointerScope scope = new PointerScope()) {
        ParameterLayout layout = parameters.layout();
        Parameters gradients = Parameters.zeros(layout, ScalarType.Double, 2);
        Vae vae = Vae.forTraining(parameters, gradients, BATCH, Likelihood.parse("bernoulli"));
        ObjectiveWeights weights = ObjectiveWeights.of(vae, objectives, new int[] {40, 7});
        Tensors.write(uniforms(5, BATCH * 2 * layout.dimensions()), vae.images());
        Tensors.write(normals(6, BATCH * 2 * latentSize), vae.noise());
        vae.forward();
        vae.backward(weights);
        double[] gradient = Tensors.doubles(gradients.rows());
        double[] values = Tensors.doubles(parameters.rows());
        Set<Long> fixed = fixed(layout);
        for (int i : checked(layout)) {
          int run = (int) (i / layout.size());
          double difference =
              fixed.contains(i % layout.size())
                  ? 0
                  : difference(
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
        Tensors.write(values, parameters.rows());
      }
    }
  }

  /** About 20 values of the networks and 30 of the prior of each run, or all if there are fewer. */
  private static int[] checked(ParameterLayout layout) {
    int size = Math.toIntExact(layout.size());
    int first =
        layout.priorParameters().stream()
            .flatMap(group -> group.views().stream())
            .mapToInt(view -> Math.toIntExact(view.offset()))
            .min()
            .orElse(size);
    int networks = Math.max(1, first / 20);
    int own = Math.max(1, (size - first) / 30);
    return IntStream.range(0, 2 * size)
        .filter(i -> i % size < first ? i % size % networks == 0 : (i % size - first) % own == 0)
        .toArray();
  }

  /** The places of exemplars in a row, which are not trained. */
  private static Set<Long> fixed(ParameterLayout layout) {
    return layout.groups().stream()
        .flatMap(group -> group.views().stream())
        .filter(view -> view.name().equals("prior.images"))
        .flatMapToLong(view -> LongStream.range(0, view.count()).map(view::place))
        .boxed()
        .collect(Collectors.toSet());
  }
}
