package org.ratescope.estimate.gap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.LinearGaussian;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Libtorch;

/** On a linear-Gaussian model, whose curve has a closed form. */
class RdFrontierTest {
  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @Test
  void theCurveIsTheClosedForm() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(-1);
      EvaluationData data = LinearGaussian.data(6, 6);
      Map<String, Estimate> found = estimates(new RdFrontier(6, 128, 150, 4), model, data);
      Examples examples = data.examples(Subset.TRAIN);
      for (String point : new String[] {"0.01", "0.1", "0.5", "1", "2", "10"}) {
        double[] exact = exact(examples, Double.parseDouble(point));
        // 6 images with 128 chains: D has a standard deviation of about 1 over codes
        assertThat(value(found, "rdFrontier.rate." + point)).isCloseTo(exact[0], within(0.12));
        assertThat(value(found, "rdFrontier.distortion." + point))
            .isCloseTo(exact[1], within(0.25));
      }
      assertThat(value(found, "rdFrontier.rate.0")).isZero();
      double fromPrior = exact(examples, 0)[1];
      assertThat(value(found, "rdFrontier.distortion.0")).isCloseTo(fromPrior, within(0.5));
    }
  }

  /** The encoder's point lies above the curve: R + D is at least that at t = 1. */
  @Test
  void theEncodersPointAndTheBoundsOfSimulatedImages() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(-1);
      Map<String, Estimate> found =
          estimates(new RdFrontier(8, 32, 100, 3), model, LinearGaussian.data(8, 1));
      assertThat(
              value(found, "rdFrontier.rate.encoder")
                  + value(found, "rdFrontier.distortion.encoder"))
          .isGreaterThan(
              value(found, "rdFrontier.rate.1") + value(found, "rdFrontier.distortion.1"));
      Estimate gap = Objects.requireNonNull(found.get("rdFrontier.simulatedGap"));
      assertThat(gap.value()).isBetween(-4 * gap.standardError(), 0.1);
      assertThat(gap.settings()).isEqualTo("32 chains, 157 temperatures, 3 leapfrog steps");
      assertThat(
              new RdFrontier(8, 2, 3, 1).estimate(model, LinearGaussian.data(1, 8), Subset.TEST, 1))
          .extracting(Estimate::name)
          .contains("rdFrontier.rate.0.01", "rdFrontier.rate.10")
          .doesNotContain("rdFrontier.simulatedGap");
    }
  }

  /** Few temperatures: the bounds move apart. */
  @Test
  void boundsShowChainsThatAreTooShort() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(-1);
      Map<String, Estimate> found =
          estimates(new RdFrontier(40, 2, 2, 1), model, LinearGaussian.data(2, 1));
      assertThat(value(found, "rdFrontier.simulatedGap")).isGreaterThan(0.5);
    }
  }

  /**
   * Means of rate and distortion of N(m, Λ⁻¹) with Λ = I + t Wᵀ W / v: KL from N(0, I), and E‖x − W
   * z − b‖² / 2v + D/2 log 2πv.
   */
  private static double[] exact(Examples examples, double t) {
    double[][] p = LinearGaussian.precision(t);
    double d = LinearGaussian.determinant(p);
    double[][] s = {{p[1][1] / d, -p[0][1] / d}, {-p[1][0] / d, p[0][0] / d}};
    double rate = 0;
    double distortion = 0;
    for (int n = 0; n < examples.size(); n++) {
      double[] x = LinearGaussian.image(examples, n);
      double[] m = LinearGaussian.posteriorMean(t, x);
      rate += 0.5 * (s[0][0] + s[1][1] + m[0] * m[0] + m[1] * m[1] - 2 + Math.log(d));
      double[] y = LinearGaussian.decoded(m);
      double squares = 0;
      for (int j = 0; j < x.length; j++) {
        squares += (x[j] - y[j]) * (x[j] - y[j]);
      }
      double[][] w = LinearGaussian.precision(LinearGaussian.VARIANCE); // I + Wᵀ W
      for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 2; b++) {
          squares += (w[a][b] - (a == b ? 1 : 0)) * s[b][a];
        }
      }
      distortion +=
          squares / (2 * LinearGaussian.VARIANCE)
              + x.length / 2.0 * Math.log(2 * Math.PI * LinearGaussian.VARIANCE);
    }
    return new double[] {rate / examples.size(), distortion / examples.size()};
  }

  private static Map<String, Estimate> estimates(
      RdFrontier estimator, TrainedModel model, EvaluationData data) {
    return estimator.estimate(model, data, Subset.TRAIN, 1).stream()
        .collect(Collectors.toMap(Estimate::name, e -> e));
  }

  private static double value(Map<String, Estimate> found, String name) {
    return Objects.requireNonNull(found.get(name)).value();
  }
}
