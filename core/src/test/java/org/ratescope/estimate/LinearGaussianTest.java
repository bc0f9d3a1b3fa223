package org.ratescope.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.LogWeights;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Proposal;
import org.ratescope.model.LinearPrior;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Libtorch;

/**
 * The estimators on a model whose every quantity has a closed form. Statistical tests use z = 4.
 */
class LinearGaussianTest {
  private static final double Z = 4;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @Test
  void importanceSamplingFindsTheLogMarginal() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(0);
      EvaluationData data = LinearGaussian.data(1, 40);
      Examples examples = data.examples(Subset.TEST);
      for (Proposal proposal : List.of(Proposal.POSTERIOR, Proposal.DEFENSIVE)) {
        List<LogWeights> weights =
            ImportanceSampling.of("l", proposal, 2001, 40)
                .weights(model, examples, Noises.of(3, LinearGaussian.LATENT));
        for (int n = 0; n < examples.size(); n++) {
          double exact = LinearGaussian.logMarginal(LinearGaussian.image(examples, n));
          LogWeights w = weights.get(n);
          assertThat(w.logMean()).isCloseTo(exact, within(Z * w.standardError()));
          assertThat(w.standardError()).isLessThan(0.06);
        }
      }
    }
  }

  static Stream<Arguments> priors() {
    return Stream.of(
            new LinearPrior(0),
            Prior.parse("gaussian"),
            Prior.parse("mixture:1"),
            Prior.parse("flow:3"))
        .flatMap(
            prior ->
                DoubleStream.of(0, 0.3)
                    .filter(start -> start == 0 || !prior.text().startsWith("flow"))
                    .mapToObj(start -> Arguments.of(prior, start)));
  }

  /** Every estimator asks the prior: with codes moved and widened, p(x), I and KL are the same. */
  @ParameterizedTest
  @MethodSource("priors")
  void anotherPriorGivesTheSameLogMarginal(Prior prior, double start) {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel normal = LinearGaussian.model(-1);
      TrainedModel model = LinearGaussian.model(-1, prior, start);
      EvaluationData data = LinearGaussian.data(300, 300);
      int images = prior.text().startsWith("flow") ? 4 : 12; // a flow takes ten times longer
      Examples examples = LinearGaussian.data(1, images).examples(Subset.TEST);
      List<LogWeights> sampled =
          ImportanceSampling.of("l", Proposal.DEFENSIVE, 2001, images)
              .weights(model, examples, Noises.of(3, LinearGaussian.LATENT));
      List<LogWeights> annealed =
          AnnealedImportance.of(images, 64, 120, 3).weights(model, examples, 7);
      for (int n = 0; n < examples.size(); n++) {
        double exact = LinearGaussian.logMarginal(LinearGaussian.image(examples, n));
        for (LogWeights w : List.of(sampled.get(n), annealed.get(n))) {
          assertThat(w.logMean()).isCloseTo(exact, within(Z * w.standardError()));
          assertThat(w.standardError()).isLessThan(0.1);
        }
      }
      Map<String, Estimate> expected =
          estimates(new RateDecomposition(), normal, data, Subset.TEST);
      estimates(new RateDecomposition(), model, data, Subset.TEST)
          .forEach(
              (name, found) ->
                  assertThat(found.value())
                      .as(name)
                      .isCloseTo(value(expected, name), within(1e-9)));
      Estimate rate = estimates(new Elbo(), model, data, Subset.TEST).get("rate");
      double closedForm = value(estimates(new Elbo(), normal, data, Subset.TEST), "rate");
      assertThat(Objects.requireNonNull(rate).value()) // with a code in place of a closed form
          .isCloseTo(closedForm, within(Z * rate.standardError()));
      if (prior.text().equals("gaussian")) {
        assertThat(rate.value()).isCloseTo(closedForm, within(1e-9));
      }
    }
  }

  /** With mixture:1 at (0, I) and a flow that is the identity, every sample is normal's too. */
  @ParameterizedTest
  @ValueSource(strings = {"gaussian", "mixture:1", "flow:3"})
  void aPriorAtTheStandardNormalIsTheStandardNormal(String prior) {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel normal = LinearGaussian.model(-1);
      TrainedModel model = LinearGaussian.model(-1, Prior.parse(prior), 0);
      Examples examples = LinearGaussian.data(1, 4).examples(Subset.TEST);
      ImportanceSampling sampling = ImportanceSampling.of("l", Proposal.DEFENSIVE, 101, 4);
      AnnealedImportance annealing = AnnealedImportance.of(4, 4, 20, 3);
      for (int n = 0; n < examples.size(); n++) {
        assertThat(logMean(sampling, model, examples, n))
            .isCloseTo(logMean(sampling, normal, examples, n), within(1e-12));
        assertThat(annealing.weights(model, examples, 7).get(n).logMean())
            .isCloseTo(annealing.weights(normal, examples, 7).get(n).logMean(), within(1e-9));
      }
    }
  }

  private static double logMean(
      ImportanceSampling sampling, TrainedModel model, Examples examples, int n) {
    return sampling.weights(model, examples, Noises.of(3, LinearGaussian.LATENT)).get(n).logMean();
  }

  /** Standard deviations too small by e³: q fails and the mixture does not. */
  @Test
  void theDefensiveMixtureSurvivesNarrowPosteriors() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(-6);
      EvaluationData data = LinearGaussian.data(1, 30);
      Examples examples = data.examples(Subset.TEST);
      double exact = 0;
      for (int n = 0; n < examples.size(); n++) {
        exact += LinearGaussian.logMarginal(LinearGaussian.image(examples, n)) / examples.size();
      }
      double q = value(model, data, Proposal.POSTERIOR);
      double mixture = value(model, data, Proposal.DEFENSIVE);
      assertThat(q).isLessThan(exact - 0.5);
      assertThat(mixture).isCloseTo(exact, within(0.05));
    }
  }

  private static double value(TrainedModel model, EvaluationData data, Proposal proposal) {
    return ImportanceSampling.of("l", proposal, 2000, 30)
        .estimate(model, data, Subset.TEST, 5)
        .getFirst()
        .value();
  }

  /** The exact mean of 2,000 images from samples for 64: their bounds are known for all. */
  @Test
  void someImagesStandForAll() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(-1);
      EvaluationData data = LinearGaussian.data(1, 2000);
      Examples examples = data.examples(Subset.TEST);
      double exact = 0;
      for (int n = 0; n < examples.size(); n++) {
        exact += LinearGaussian.logMarginal(LinearGaussian.image(examples, n)) / examples.size();
      }
      ImportanceSampling sampling = ImportanceSampling.of("l", Proposal.DEFENSIVE, 2000, 64);
      Estimate found = sampling.estimate(model, data, Subset.TEST, 5).getFirst();
      Estimate plain =
          sampling.estimate(model, LinearGaussian.data(1, 64), Subset.TEST, 5).getFirst();
      assertThat(found.value()).isCloseTo(exact, within(Z * found.standardError()));
      assertThat(found.standardError()).isLessThan(plain.standardError() / 1.5);
      assertThat(found.examples()).isEqualTo(64);
    }
  }

  @Test
  void annealedImportanceSamplingFindsTheLogMarginal() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(-6);
      EvaluationData data = LinearGaussian.data(1, 12);
      Examples examples = data.examples(Subset.TEST);
      List<LogWeights> weights = AnnealedImportance.of(12, 64, 120, 3).weights(model, examples, 7);
      for (int n = 0; n < examples.size(); n++) {
        double exact = LinearGaussian.logMarginal(LinearGaussian.image(examples, n));
        LogWeights w = weights.get(n);
        assertThat(w.logMean()).isCloseTo(exact, within(Z * w.standardError()));
        assertThat(w.standardError()).isLessThan(0.08);
      }
    }
  }

  /**
   * ELBO ≤ bound of S = 1 … ≤ bound of S = 16 ≤ log p(x), each as a mean of 4000 examples. The
   * samples of a smaller S are among those of a larger one, so that differences are paired.
   */
  @Test
  void theBoundRisesWithSamples() {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(-1);
      EvaluationData data = LinearGaussian.data(1, 4000);
      Examples examples = data.examples(Subset.TEST);
      double exact = 0;
      for (int n = 0; n < examples.size(); n++) {
        exact += LinearGaussian.logMarginal(LinearGaussian.image(examples, n)) / examples.size();
      }
      double[] before = null;
      for (int samples : new int[] {1, 4, 16}) {
        double[] bound =
            ImportanceSampling.of("l", Proposal.POSTERIOR, samples, 4000)
                .weights(model, examples, Noises.of(11, LinearGaussian.LATENT))
                .stream()
                .mapToDouble(LogWeights::logMean)
                .toArray();
        if (before == null) {
          Estimate elbo =
              new Elbo()
                  .estimate(model, data, Subset.TEST, 0).stream()
                      .filter(e -> e.name().equals("elbo"))
                      .findFirst()
                      .orElseThrow();
          assertThat(MeanEstimate.of(bound).value())
              .as("one sample is the evidence lower bound")
              .isCloseTo(elbo.value(), within(Z * Math.sqrt(2) * elbo.standardError()));
        } else {
          double[] lower = before;
          double[] gain = new double[bound.length];
          Arrays.setAll(gain, i -> bound[i] - lower[i]);
          assertThat(MeanEstimate.of(gain).value())
              .isGreaterThan(Z * MeanEstimate.of(gain).standardError());
        }
        before = bound;
        assertThat(MeanEstimate.of(bound).value()).isLessThan(exact);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -1})
  void mutualInformationAndMarginalKl(double shift) {
    try (PointerScope scope = new PointerScope()) {
      TrainedModel model = LinearGaussian.model(shift);
      EvaluationData data = LinearGaussian.data(3000, 3000);
      for (Subset subset : Subset.values()) {
        Map<String, Estimate> found = estimates(new RateDecomposition(), model, data, subset);
        double i = LinearGaussian.mutualInformation(shift);
        double kl = LinearGaussian.marginalKl(shift);
        for (String method : List.of("", "Batch")) {
          // the mixture of 3000, or 512, is itself a sample of the population: its own error of
          // about the same size adds to that of the 3000 codes
          close(found, "mutualInformation" + method, i);
          close(found, "marginalKl" + method, kl);
        }
        Map<String, Estimate> bound = estimates(new Elbo(), model, data, subset);
        assertThat(value(found, "mutualInformation") + value(found, "marginalKl"))
            .as("R = I + KL")
            .isCloseTo(
                value(bound, "rate"),
                within(Z * error(found, "mutualInformation") + Z * error(found, "marginalKl")));
        assertThat(value(found, "mutualInformation.ceiling")).isEqualTo(Math.log(3000));
      }
    }
  }

  private static void close(Map<String, Estimate> found, String name, double exact) {
    assertThat(value(found, name))
        .as(name)
        .isCloseTo(exact, within(Z * Math.sqrt(2) * error(found, name)));
    assertThat(error(found, name)).isLessThan(0.03);
  }

  @Test
  void reportedStandardErrorsAndDetails() {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Estimate> found =
          estimates(
              ImportanceSampling.of("l", Proposal.DEFENSIVE, 400, 20),
              LinearGaussian.model(0),
              LinearGaussian.data(1, 50),
              Subset.TEST);
      assertThat(found.keySet())
          .containsExactlyInAnyOrder(
              "l", "l.effectiveSamples", "l.smallestEffectiveSamples", "l.doubtful");
      Estimate value = Objects.requireNonNull(found.get("l"));
      assertThat(value.examples()).isEqualTo(20);
      assertThat(value.settings())
          .isEqualTo(
              "S=400, proposal q + q with standard deviations *3.16 + q with standard deviations"
                  + " *10.0 + prior, regressed on the elbo of 50 images");
      assertThat(value(found, "l.smallestEffectiveSamples"))
          .isBetween(20.0, value(found, "l.effectiveSamples"));
      assertThat(value(found, "l.doubtful")).isZero();
    }
  }

  private static Map<String, Estimate> estimates(
      Estimator estimator, TrainedModel model, EvaluationData data, Subset subset) {
    return estimator.estimate(model, data, subset, 1).stream()
        .collect(Collectors.toMap(Estimate::name, e -> e));
  }

  private static double value(Map<String, Estimate> found, String name) {
    return Objects.requireNonNull(found.get(name)).value();
  }

  private static double error(Map<String, Estimate> found, String name) {
    return Objects.requireNonNull(found.get(name)).standardError();
  }
}
