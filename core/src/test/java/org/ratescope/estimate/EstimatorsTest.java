package org.ratescope.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.tensor.Libtorch;

class EstimatorsTest {
  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** All that a user writes for an estimator of their own. */
  private static final class PosteriorWidth implements Estimator {
    @Override
    public List<String> names() {
      return List.of("posteriorWidth");
    }

    @Override
    public List<Estimate> estimate(
        TrainedModel model, EvaluationData data, Subset subset, long seed) {
      double[] logVar = model.posteriors(data.examples(subset)).logVar();
      double[] widths = new double[logVar.length];
      java.util.Arrays.setAll(widths, i -> Math.exp(0.5 * logVar[i]));
      return List.of(
          MeanEstimate.of(widths).estimate("posteriorWidth", subset, "standard deviation"));
    }
  }

  @Test
  void aUserAddsAnEstimator() {
    try (PointerScope scope = new PointerScope()) {
      Estimators estimators = Estimators.standard().and(new PosteriorWidth());
      List<Estimate> found =
          estimators.estimate(
              new Evaluation(List.of("posteriorWidth"), 10),
              LinearGaussian.model(0),
              LinearGaussian.data(20, 20),
              Subset.TEST,
              0);
      assertThat(found).hasSize(1);
      double expected =
          (Math.sqrt(LinearGaussian.posteriorVariance(0))
                  + Math.sqrt(LinearGaussian.posteriorVariance(1)))
              / 2;
      assertThat(found.getFirst().value())
          .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-12));
      assertThatThrownBy(() -> estimators.and(new PosteriorWidth()))
          .hasMessageStartingWith(
              "the name \"posteriorWidth\" of an estimator exists already; expected another name"
                  + " than distortion, ");
    }
  }

  @Test
  void detailsComeWithWhatWasAskedForAndNothingElse() {
    try (PointerScope scope = new PointerScope()) {
      List<Estimate> found =
          Estimators.standard()
              .estimate(
                  new Evaluation(List.of("rateByDimension", "marginalKl", "rate"), 10),
                  LinearGaussian.model(0),
                  LinearGaussian.data(20, 20),
                  Subset.TRAIN,
                  0);
      assertThat(found)
          .extracting(Estimate::name)
          .containsExactly("rate", "rateByDimension.0", "rateByDimension.1", "marginalKl");
      assertThat(found).allSatisfy(e -> assertThat(e.examples()).isEqualTo(20));
    }
  }

  /**
   * A flow that is the identity: its matrices are no part of the encoder, its rate has no terms.
   */
  @Test
  void normsAndTermsOfTheRateAreThoseOfTheNetworkAndOfN01() {
    try (PointerScope scope = new PointerScope()) {
      EvaluationData data = LinearGaussian.data(20, 20);
      Evaluation evaluation = new Evaluation(List.of("encoderNorm", "rateByDimension"), 10);
      List<Estimate> normal =
          Estimators.standard()
              .estimate(evaluation, LinearGaussian.model(0), data, Subset.TRAIN, 0);
      List<Estimate> flow =
          Estimators.standard()
              .estimate(
                  evaluation,
                  LinearGaussian.model(0, Prior.parse("flow:3"), 0),
                  data,
                  Subset.TRAIN,
                  0);
      assertThat(normal).extracting(Estimate::name).contains("rateByDimension.0", "encoderNorm");
      assertThat(flow)
          .containsExactlyElementsOf(
              normal.stream().filter(e -> e.name().startsWith("encoderNorm")).toList());
    }
  }

  @Test
  void anEmptyHalfHasNoValues() {
    try (PointerScope scope = new PointerScope()) {
      Evaluation evaluation = new Evaluation(Estimators.standard().names(), 10);
      assertThat(
              Estimators.standard()
                  .estimate(
                      evaluation,
                      LinearGaussian.model(0),
                      LinearGaussian.data(20, 0),
                      Subset.TEST,
                      0))
          .isEmpty();
    }
  }

  /** The used examples are among those of the mixture, whatever the sizes of the subsets. */
  @Test
  void mixturesHoldTheExamplesThatAreUsed() {
    try (PointerScope scope = new PointerScope()) {
      for (int[] sizes : new int[][] {{20, 500}, {500, 20}, {5, 500}}) {
        EvaluationData all = LinearGaussian.data(sizes[0], sizes[1]);
        EvaluationData data =
            EvaluationData.of(all.train().pool(), Partitions.of(sizes[0], sizes[1]), 15);
        for (Subset subset : Subset.values()) {
          Examples mixture = data.mixture(subset);
          int size = subset == Subset.TRAIN ? sizes[0] : sizes[1];
          assertThat(mixture.size()).isEqualTo(Math.min(size, sizes[0]));
          Examples used = data.examples(subset, mixture.size());
          assertThat(mixture.places(used)).hasSize(Math.min(15, mixture.size()));
        }
      }
    }
  }

  @Test
  void moreComponentsThanMemoryAreRefused() {
    assertThatThrownBy(() -> TrainedModel.requireMemory(1 << 20, 10, 100 << 20))
        .hasMessage(
            "a mixture of 1048576 posteriors with 10 latent values needs 400 MiB of Java memory,"
                + " there are 100");
    assertThatThrownBy(() -> TrainedModel.requireMemory(1 << 30, 4096, Long.MAX_VALUE))
        .hasMessageStartingWith("a mixture of 1073741824 posteriors");
    TrainedModel.requireMemory(1 << 20, 10, 400 << 20);
  }
}
