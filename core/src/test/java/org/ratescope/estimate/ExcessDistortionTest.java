package org.ratescope.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.SlowVae;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** The excess distortion of small models, beside a computation in plain Java. */
class ExcessDistortionTest {
  private static final int TRAIN = 20;
  private static final int TEST = 11;
  private static final int DIMENSIONS = 48;
  private static final long SEED = 3;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  private static RunSpec run(String likelihood) {
    return RunSpec.parse(
        "data=tetrominoes:preset=published,shape=J,resolution=4;split=default;architecture=mlp:1x8"
            + ";latent=2;likelihood=%s;betaMi=1.0;betaKl=1.0;iterations=5;batch=4;learningRate=0.001;precision=float64;seed=3"
                .formatted(likelihood));
  }

  /** Black, white and grey values, as float32. */
  private static double[][] images() {
    RunRandom random = RunRandom.of(17, RunRandom.Stream.NOISE, 0);
    double[][] images = new double[TRAIN + TEST][DIMENSIONS];
    for (int i = 0; i < images.length; i++) {
      for (int j = 0; j < DIMENSIONS; j++) {
        double u = random.uniform((long) i * DIMENSIONS + j);
        images[i][j] = u < 0.3 ? 0 : u > 0.9 ? 1 : (float) (u * u);
      }
    }
    return images;
  }

  private static Map<String, Estimate> estimates(Parameters parameters, String likelihood) {
    double[] flat = Arrays.stream(images()).flatMapToDouble(Arrays::stream).toArray();
    ImageTensor pool =
        new ImageTensor(Tensors.tensor(ScalarType.Float, flat, TRAIN + TEST, DIMENSIONS));
    TrainedModel model = TrainedModel.of(parameters, 0, Likelihood.parse(likelihood));
    EvaluationData data = EvaluationData.of(pool, Partitions.of(TRAIN, TEST), 100);
    return new ExcessDistortion()
        .estimate(model, data, Subset.TEST, SEED).stream()
            .collect(Collectors.toMap(Estimate::name, e -> e));
  }

  private static Parameters parameters(String likelihood, boolean random) {
    RunSpec run = run(likelihood);
    Parameters parameters =
        Parameters.zeros(ParameterLayout.of(run), run.training().precision(), 1);
    if (random) {
      parameters.initialize(0, run.seed());
    }
    return parameters;
  }

  private static double value(Map<String, Estimate> estimates, String name) {
    return Objects.requireNonNull(estimates.get(name)).value();
  }

  private static double term(double x, double p) {
    return x == 0 ? 0 : x * Math.log(x / p);
  }

  /** All logits are 0: the excess is the divergence of fair coins from the image. */
  @Test
  void ofFairCoins() {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Estimate> found = estimates(parameters("bernoulli", false), "bernoulli");
      double divergence = 0;
      double range = 0;
      double[][] images = images();
      for (int j = 0; j < DIMENSIONS; j++) {
        double mean = 0;
        for (int i = TRAIN; i < TRAIN + TEST; i++) {
          mean += images[i][j] / TEST;
        }
        for (int i = TRAIN; i < TRAIN + TEST; i++) {
          double x = images[i][j];
          divergence += (term(x, 0.5) + term(1 - x, 0.5)) / TEST;
          range += (term(x, mean) + term(1 - x, 1 - mean)) / TEST;
        }
      }
      assertThat(value(found, "excessDistortion")).isCloseTo(divergence, within(1e-9));
      assertThat(value(found, "excessDistortion.floor"))
          .isCloseTo(DIMENSIONS * Math.log(2) - divergence, within(1e-9));
      assertThat(value(found, "excessDistortion.range")).isCloseTo(range, within(1e-9));
      assertThat(value(found, "excessDistortion.share"))
          .isCloseTo(divergence / range, within(1e-9));
      assertThat(Objects.requireNonNull(found.get("excessDistortion")).examples()).isEqualTo(TEST);
    }
  }

  /** The distortion is that of a VAE in plain Java; with a Gaussian the floor is its normaliser. */
  @Test
  void ofRandomWeights() {
    for (String likelihood : List.of("bernoulli", "gaussian:0.1")) {
      try (PointerScope scope = new PointerScope()) {
        Parameters parameters = parameters(likelihood, true);
        SlowVae vae = SlowVae.of(parameters, 0);
        Map<String, Estimate> found = estimates(parameters, likelihood);
        RunRandom random = RunRandom.of(SEED, RunRandom.Stream.EVALUATION, 0);
        double distortion = 0;
        for (int i = 0; i < TEST; i++) {
          double[] noise = {random.normal(2L * i), random.normal(2L * i + 1)};
          double[] x = images()[TRAIN + i];
          distortion += vae.losses(x, noise, Likelihood.parse(likelihood)).distortion() / TEST;
        }
        double floor = value(found, "excessDistortion.floor");
        assertThat(value(found, "excessDistortion") + floor).isCloseTo(distortion, within(1e-9));
        if (likelihood.startsWith("gaussian")) {
          assertThat(floor).isCloseTo(DIMENSIONS / 2.0 * Math.log(2 * Math.PI * 0.1), within(1e-9));
        }
      }
    }
  }

  @Test
  void aLikelihoodWithoutALowerBoundHasNone() {
    try (PointerScope scope = new PointerScope()) {
      String likelihood = "continuous-bernoulli";
      assertThat(estimates(parameters(likelihood, false), likelihood)).isEmpty();
    }
  }
}
