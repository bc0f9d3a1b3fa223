package org.ratescope.estimate.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.spec.RunRandom;

class InferenceMarginalTest {
  private static final int L = 3;

  @Test
  void exactDensityIsTheMeanOfDensities() {
    Posteriors posteriors = posteriors(1300, 0); // more than two tiles
    double[] codes = normals(20 * L, 5);
    double[] found = InferenceMarginal.of(posteriors).logDensity(codes);
    for (int i = 0; i < 20; i++) {
      double sum = 0;
      for (int n = 0; n < posteriors.size(); n++) {
        sum += density(posteriors, n, codes, i);
      }
      assertThat(found[i]).isCloseTo(Math.log(sum / posteriors.size()), within(1e-12));
    }
  }

  @Test
  void batchDensityIsThePapersFormula() {
    Posteriors batch = posteriors(7, 0);
    double[] codes = normals(7 * L, 5);
    int n = 50;
    double[] found = InferenceMarginal.batch(batch, codes, n);
    for (int i = 0; i < 7; i++) {
      double others = 0;
      for (int b = 0; b < 7; b++) {
        others += b == i ? 0 : density(batch, b, codes, i);
      }
      double q = density(batch, i, codes, i) / n + (n - 1.0) / (n * 6.0) * others;
      assertThat(found[i]).isCloseTo(Math.log(q), within(1e-12));
    }
    assertThat(InferenceMarginal.batch(batch, codes, 7))
        .as("the batch is the whole mixture")
        .containsExactly(InferenceMarginal.of(batch).logDensity(codes), within(1e-12));
  }

  /** Log variances of ±30, compared with exact decimal arithmetic of the quadratic. */
  @ParameterizedTest
  @ValueSource(doubles = {-30, 30})
  void extremeLogVariances(double logVar) {
    double mean = 1.2345678901234567;
    double z = mean + 3 * Math.exp(logVar / 2);
    Posteriors one = Posteriors.of(1, new double[] {mean}, new double[] {logVar});
    BigDecimal d = new BigDecimal(z).subtract(new BigDecimal(mean));
    double quadratic = d.multiply(d).doubleValue() * Math.exp(-logVar);
    double exact = -0.5 * (quadratic + logVar + Math.log(2 * Math.PI));
    assertThat(InferenceMarginal.of(one).logDensity(new double[] {z})[0])
        .isCloseTo(exact, within(1e-12));
    assertThat(one.logDensity(0, new double[] {z}, 0)).isCloseTo(exact, within(1e-12));
  }

  @Test
  void farCodesKeepAFiniteDensity() {
    double[] found = InferenceMarginal.of(posteriors(600, 0)).logDensity(new double[] {1e3, 0, 0});
    assertThat(found[0]).isLessThan(-1e4).isFinite();
  }

  @Test
  void aNanStaysVisible() {
    Posteriors posteriors = posteriors(600, 0);
    double[] mean = posteriors.mean().clone();
    mean[1000] = Double.NaN;
    double[] found =
        InferenceMarginal.of(Posteriors.of(L, mean, posteriors.logVar())).logDensity(new double[L]);
    assertThat(found[0]).isNaN();
  }

  @Test
  void mutualInformationLiesBetweenZeroAndLogN() {
    Posteriors equal = Posteriors.of(1, new double[] {2, 2, 2, 2}, new double[] {-1, -1, -1, -1});
    double[] codes = {1.9, 2.2, 2.0, 3.1};
    double[] logQ = InferenceMarginal.of(equal).logDensity(codes);
    for (int i = 0; i < 4; i++) {
      assertThat(equal.logDensity(i, codes, i) - logQ[i]).isCloseTo(0, within(1e-14));
    }
    Posteriors apart =
        Posteriors.of(1, new double[] {-300, -100, 100, 300}, new double[] {-1, -1, -1, -1});
    double[] own = {-300.5, -99, 100, 301};
    double[] logApart = InferenceMarginal.of(apart).logDensity(own);
    for (int i = 0; i < 4; i++) {
      assertThat(apart.logDensity(i, own, i) - logApart[i]).isCloseTo(Math.log(4), within(1e-14));
    }
  }

  @Test
  void theOrderOfTheMixtureDoesNotMatter() {
    Posteriors posteriors = posteriors(1300, 0);
    int[] order = new int[1300];
    Arrays.setAll(order, i -> i);
    RunRandom.of(1, RunRandom.Stream.ORDER, 0).shuffle(order);
    double[] codes = normals(9 * L, 3);
    assertThat(InferenceMarginal.of(posteriors.select(order)).logDensity(codes))
        .containsExactly(InferenceMarginal.of(posteriors).logDensity(codes), within(1e-12));
  }

  /**
   * Weights of Equation 5, compared with plain densities, and at codes where densities underflow.
   */
  @Test
  void responsibilities() {
    Posteriors posteriors = posteriors(6, 0);
    double[] code = normals(L, 8);
    Responsibilities found =
        Responsibilities.of(InferenceMarginal.of(posteriors).logTerms(code, 0));
    double sum = 0;
    double entropy = 0;
    for (int n = 0; n < 6; n++) {
      sum += density(posteriors, n, code, 0);
    }
    for (int n = 0; n < 6; n++) {
      double w = density(posteriors, n, code, 0) / sum;
      entropy -= w * Math.log(w);
      assertThat(found.weights()[n]).isCloseTo(w, within(1e-14));
    }
    assertThat(found.perplexity()).isCloseTo(Math.exp(entropy), within(1e-12));
    assertThat(found.logSum()).isCloseTo(Math.log(sum), within(1e-12));
    Responsibilities far = Responsibilities.of(new double[] {-1e6, -1e6, -2e6});
    assertThat(far.weights()).containsExactly(0.5, 0.5, 0);
    assertThat(far.perplexity()).isCloseTo(2, within(1e-14));
    assertThat(far.largest()).isZero();
  }

  @Test
  void emptyMixturesAndBatchesOfOneAreRefused() {
    Posteriors none = Posteriors.of(1, new double[0], new double[0]);
    assertThatThrownBy(() -> InferenceMarginal.of(none))
        .hasMessage("a mixture needs at least one posterior; got none");
    Posteriors one = Posteriors.of(1, new double[1], new double[1]);
    assertThatThrownBy(() -> InferenceMarginal.batch(one, new double[1], 5))
        .hasMessage("the batch estimate needs 2 to N posteriors; got 1 of 5");
    assertThat(InferenceMarginal.of(one).logDensity(new double[1])[0])
        .as("one posterior is itself")
        .isCloseTo(-0.5 * Math.log(2 * Math.PI), within(1e-15));
    assertThatThrownBy(() -> Posteriors.of(2, new double[3], new double[3]))
        .hasMessageContaining("a multiple of the latent size; got 3, 3, 2");
  }

  private static double density(Posteriors p, int n, double[] codes, int i) {
    double product = 1;
    for (int l = 0; l < p.latentSize(); l++) {
      double sd = Math.sqrt(Math.exp(p.logVar()[n * p.latentSize() + l]));
      double u = (codes[i * p.latentSize() + l] - p.mean()[n * p.latentSize() + l]) / sd;
      product *= Math.exp(-u * u / 2) / (sd * Math.sqrt(2 * Math.PI));
    }
    return product;
  }

  private static Posteriors posteriors(int n, double logVar) {
    double[] logVars = normals(n * L, 2);
    Arrays.setAll(logVars, i -> logVar + 0.5 * logVars[i]);
    return Posteriors.of(L, normals(n * L, 1), logVars);
  }

  private static double[] normals(int count, long seed) {
    double[] values = new double[count];
    RunRandom.of(seed, RunRandom.Stream.ORDER, 0).normals(values, 0, count);
    return values;
  }
}
