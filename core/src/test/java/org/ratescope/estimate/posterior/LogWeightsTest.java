package org.ratescope.estimate.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.spec.RunRandom;

class LogWeightsTest {

  /** Compared with sums of plain weights, far from 1 in both directions. */
  @ParameterizedTest
  @ValueSource(doubles = {0, -1e5, 1e5})
  void meanAndEffectiveSize(double shift) {
    LogWeights weights = new LogWeights();
    RunRandom random = RunRandom.of(1, RunRandom.Stream.ORDER, 0);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 1000; i++) {
      double logWeight = 3 * random.normal(i);
      weights.add(logWeight + shift);
      sum += Math.exp(logWeight);
      squares += Math.exp(2 * logWeight);
    }
    assertThat(weights.logMean()).isCloseTo(shift + Math.log(sum / 1000), within(1e-9));
    assertThat(weights.effectiveSize()).isCloseTo(sum * sum / squares, within(1e-6));
    double variance = squares / 1000 - sum / 1000 * sum / 1000;
    assertThat(weights.standardError())
        .isCloseTo(Math.sqrt(variance / 1000) / (sum / 1000), within(1e-9));
  }

  @Test
  void weightsOfZeroCountAndNanIsKept() {
    LogWeights weights = new LogWeights();
    weights.add(Double.NEGATIVE_INFINITY);
    assertThat(weights.logMean()).isEqualTo(Double.NEGATIVE_INFINITY);
    weights.add(2);
    weights.add(Double.NEGATIVE_INFINITY);
    assertThat(weights.logMean()).isCloseTo(2 - Math.log(3), within(1e-15));
    assertThat(weights.effectiveSize()).isEqualTo(1);
    weights.add(Double.NaN);
    assertThat(weights.logMean()).isNaN();
    weights.add(1);
    assertThat(weights.logMean()).isNaN();
  }

  /** The density of the mixture integrates to one, for any shares of the samples. */
  @ParameterizedTest
  @ValueSource(ints = {4, 6, 1000})
  void proposalsAreNormalised(int samples) {
    Posteriors one = Posteriors.of(1, new double[] {0.7}, new double[] {-2});
    double integral = 0;
    double step = 1e-3;
    for (double z = -30; z < 30; z += step) {
      double[] code = {z};
      double logPrior = -0.5 * (z * z + Math.log(2 * Math.PI));
      integral +=
          step * Math.exp(Proposal.DEFENSIVE.logDensity(one, 0, samples, code, 0, logPrior));
    }
    assertThat(integral).isCloseTo(1, within(1e-9));
  }
}
