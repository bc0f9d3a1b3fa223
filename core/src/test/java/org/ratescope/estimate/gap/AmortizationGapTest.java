package org.ratescope.estimate.gap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.estimate.Cost;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.LinearGaussian;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.LinearPrior;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Libtorch;

/** On a linear-Gaussian model, whose best posteriors have a closed form. */
class AmortizationGapTest {
  private static final double NEAR = 0.02; // of the fit: twice the largest error seen

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** The encoder's mean moved, its variances scaled, or neither: 0, and exactly the divergence. */
  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0.4, -0.3, 0", "0, 0, -4", "0, 0, 3", "-1, 2, -2"})
  void theGapIsTheDivergenceFromTheBestPosterior(double first, double second, double logVar) {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.optimal(new double[] {first, second}, logVar);
      EvaluationData data = LinearGaussian.data(1, 40);
      Map<String, Estimate> found = estimates(new AmortizationGap(), model, data, Subset.TEST);
      double exact = exactGap(model, data.examples(Subset.TEST));
      Estimate gap = of(found, "amortizationGap");
      assertThat(gap.value()).isCloseTo(exact, within(NEAR + 0.02 * exact));
      if (first == 0 && logVar == 0) {
        assertThat(exact).isCloseTo(0, within(1e-9));
        assertThat(gap.standardError()).isLessThan(0.01);
      }
      assertThat(of(found, "amortizationGap.refittedElbo").value())
          .isCloseTo(bestBound(data.examples(Subset.TEST)), within(0.15));
      assertThat(of(found, "amortizationGap.lastGain").value()).isBetween(-NEAR, 2 * NEAR);
    }
  }

  /** An encoder that is wrong in another way for each image, and codes on another scale. */
  @Test
  void anotherPriorGivesTheSameGap() {
    try (PointerScope scope = new PointerScope()) {
      EvaluationData data = LinearGaussian.data(1, 40);
      TrainedModel normal = LinearGaussian.model(-1);
      double exact = exactGap(normal, data.examples(Subset.TEST));
      assertThat(exact).isGreaterThan(0.2);
      for (TrainedModel model :
          List.of(normal, LinearGaussian.model(-1, new LinearPrior(0), 0.7))) {
        Map<String, Estimate> found = estimates(new AmortizationGap(), model, data, Subset.TEST);
        assertThat(of(found, "amortizationGap").value()).isCloseTo(exact, within(0.1 * exact));
      }
    }
  }

  /** The parts add up, also where 64 images stand for all of both subsets. */
  @Test
  void thePartsAddUpToTheGeneralisationGap() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(-2);
      EvaluationData data = LinearGaussian.data(150, 200);
      double[] bounds = new double[2];
      for (Subset subset : Subset.values()) {
        Map<String, Estimate> found =
            estimates(
                new AmortizationGap(new PosteriorRefit(40, 4, 0.1), 64, 16), model, data, subset);
        Estimate gap = of(found, "amortizationGap");
        double bound = of(found, "amortizationGap.elbo").value();
        assertThat(of(found, "amortizationGap.refittedElbo").value() - bound)
            .isCloseTo(gap.value(), within(1e-9));
        assertThat(gap.examples()).isEqualTo(64);
        assertThat(gap.standardError()).isPositive();
        assertThat(gap.settings())
            .isEqualTo(
                "Adam on mean and log variance from the encoder's, 40 steps with 4 new codes,"
                    + " learning rate 0.1 of a standard deviation, linearly to 0, compared with 16"
                    + " fresh codes, regressed on the elbo of "
                    + (subset == Subset.TRAIN ? 150 : 200)
                    + " images");
        bounds[subset == Subset.TRAIN ? 0 : 1] = bound;
      }
      assertThat(bounds[0]).isNotEqualTo(bounds[1]);
    }
  }

  /** One image gives a value without a standard error; a model that is not finite gives NaN. */
  @Test
  void oneImageAndAModelThatIsNotFinite() {
    try (PointerScope scope = new PointerScope()) {
      EvaluationData data = LinearGaussian.data(1, 1);
      TrainedModel model = LinearGaussian.model(0);
      AmortizationGap small = new AmortizationGap(new PosteriorRefit(20, 2, 0.1), 64, 4);
      Estimate gap = of(estimates(small, model, data, Subset.TEST), "amortizationGap");
      assertThat(gap.value()).isFinite();
      assertThat(gap.standardError()).isNaN();
      model.parameters().rows().fill_(new Scalar(Double.NaN));
      TrainedModel broken = TrainedModel.of(model.parameters(), 0, model.vae().likelihood());
      assertThat(of(estimates(small, broken, data, Subset.TEST), "amortizationGap").value())
          .isNaN();
    }
  }

  @Test
  void theCostIsThatOfItsPasses() {
    Cost cost = new AmortizationGap().cost(new Cost.Scale(1000, 500, 10, 30));
    assertThat(cost.passes()).isEqualTo(64 * (1.5 * 200 * 8 + 0.5 * 3 * 64) + 1000);
    assertThat(cost.values()).isZero();
  }

  /**
   * The mean of KL(q ‖ p(z|x)) − min KL over the encoder's posteriors: ½ [Σ v Λ_ll − L − Σ log(v
   * Λ_ll) + (m − m*)ᵀ Λ (m − m*)].
   */
  private static double exactGap(TrainedModel model, Examples examples) {
    Posteriors q = model.posteriors(examples);
    double[][] p = LinearGaussian.precision(1);
    double sum = 0;
    for (int n = 0; n < examples.size(); n++) {
      double[] best = LinearGaussian.posteriorMean(1, LinearGaussian.image(examples, n));
      double[] d = {q.mean()[2 * n] - best[0], q.mean()[2 * n + 1] - best[1]};
      for (int l = 0; l < 2; l++) {
        double v = Math.exp(q.logVar()[2 * n + l]) * p[l][l];
        sum += 0.5 * (v - 1 - Math.log(v));
        sum += 0.5 * d[l] * (p[l][0] * d[0] + p[l][1] * d[1]);
      }
    }
    return sum / examples.size();
  }

  /** The mean of log p(x) − min KL, the divergence being ½ log(Π Λ_ll / |Λ|). */
  private static double bestBound(Examples examples) {
    double[][] p = LinearGaussian.precision(1);
    double divergence = 0.5 * Math.log(p[0][0] * p[1][1] / LinearGaussian.determinant(p));
    double[] marginals = new double[examples.size()];
    Arrays.setAll(marginals, n -> LinearGaussian.logMarginal(LinearGaussian.image(examples, n)));
    return Arrays.stream(marginals).average().orElseThrow() - divergence;
  }

  private static Map<String, Estimate> estimates(
      AmortizationGap estimator, TrainedModel model, EvaluationData data, Subset subset) {
    return estimator.estimate(model, data, subset, 1).stream()
        .collect(Collectors.toMap(Estimate::name, e -> e));
  }

  private static Estimate of(Map<String, Estimate> found, String name) {
    return Objects.requireNonNull(found.get(name));
  }
}
