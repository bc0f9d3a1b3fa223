package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.likelihood.PixelDistribution;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Values drawn from p(x|z) have the mean that the likelihood gives, and its distribution. */
class PixelSamplesTest {
  private static final int COUNT = 20_000;
  private static final double[] OUTPUTS = {-800, -30, -2, -0.05, 0, 1e-8, 0.5, 8, 800};

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bernoulli", "continuous-bernoulli", "gaussian:0.3"})
  void theMean(String text) {
    PixelDistribution pixels = PixelDistribution.of(Likelihood.parse(text));
    for (double output : OUTPUTS) {
      double[] values = values(pixels, output);
      double mean = Arrays.stream(values).average().orElseThrow();
      double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / COUNT;
      try (PointerScope scope = new PointerScope()) {
        double exact =
            Tensors.doubles(
                pixels.mean(Tensors.tensor(ScalarType.Double, new double[] {output}, 1, 1, 1)))[0];
        assertThat(mean).isCloseTo(exact, within(1e-12 + 4 * Math.sqrt(variance / COUNT)));
      }
    }
  }

  /** The share of values below x against Simpson's integral of exp(l x). */
  @Test
  void theContinuousBernoullisDistribution() {
    for (double logit : new double[] {-12, -1, 0.05, 3, 20}) {
      double[] values =
          values(PixelDistribution.of(Likelihood.parse("continuous-bernoulli")), logit);
      assertThat(Arrays.stream(values).allMatch(v -> v >= 0 && v <= 1)).isTrue();
      for (double x : new double[] {0.1, 0.5, 0.9}) {
        double exact = integral(logit, x) / integral(logit, 1);
        double share = Arrays.stream(values).filter(v -> v < x).count() / (double) COUNT;
        assertThat(share).isCloseTo(exact, within(4 * Math.sqrt(0.25 / COUNT)));
      }
    }
  }

  private static double integral(double logit, double to) {
    int n = 2000;
    double sum = 0;
    for (int i = 0; i <= n; i++) {
      double weight = i == 0 || i == n ? 1 : i % 2 == 0 ? 2 : 4;
      sum += weight * Math.exp(logit * to * i / n);
    }
    return sum * to / n / 3;
  }

  private static double[] values(PixelDistribution pixels, double output) {
    RunRandom random = RunRandom.named(3, "pixels", 0);
    return IntStream.range(0, COUNT).mapToDouble(i -> pixels.sample(output, random, i)).toArray();
  }
}
