package org.ratescope.estimate.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.ratescope.spec.RunRandom;

class MeanEstimateTest {
  private static final int ALL = 2000;
  private static final int SOME = 50;

  private static double[] values(int count, IntToDoubleFunction value) {
    double[] values = new double[count];
    Arrays.setAll(values, value);
    return values;
  }

  @Test
  void aMeanOfKnownNumbers() {
    MeanEstimate mean = MeanEstimate.of(new double[] {1, 2, 6});
    assertThat(mean.value()).isEqualTo(3);
    assertThat(mean.standardError()).isCloseTo(Math.sqrt(7.0 / 3), within(1e-15));
    assertThat(mean.examples()).isEqualTo(3);
  }

  /**
   * If y is a straight line of the known value, the sample adds no error: the error is that of the
   * line.
   */
  @Test
  void aStraightLineIsFoundExactly() {
    MeanEstimate all = new MeanEstimate(-40, 0.25, 2048);
    double[] known = {-50, -47, -31, -38};
    MeanEstimate mean = MeanEstimate.regressed(values(4, i -> 7 - 0.5 * known[i]), known, all);
    assertThat(mean.value()).isCloseTo(7 + 20, within(1e-12));
    assertThat(mean.standardError()).isCloseTo(0.5 * 0.25, within(1e-9));
  }

  /** With all examples it is the ordinary mean, with its ordinary error. */
  @Test
  void nothingChangesWithAllExamples() {
    RunRandom random = RunRandom.of(1, RunRandom.Stream.EVALUATION, 0);
    double[] known = values(4000, i -> random.normal(i));
    double[] values = values(4000, i -> known[i] + 0.5 * random.normal(10_000 + i));
    MeanEstimate plain = MeanEstimate.of(values);
    MeanEstimate regressed = MeanEstimate.regressed(values, known, MeanEstimate.of(known));
    assertThat(regressed.value()).isCloseTo(plain.value(), within(1e-12));
    assertThat(regressed.standardError())
        .isCloseTo(plain.standardError(), within(1e-3 * plain.standardError()));
  }

  /**
   * 400 samples of 50 from 2,000 with a known mean: the spread of the errors is the standard error,
   * and less than a third of the plain mean's. The spread of 400 draws has a relative error of 3.5
   * %: z = 4.
   */
  @Test
  void theStandardErrorIsTheObservedSpread() {
    int draws = 400;
    double squares = 0;
    double plainSquares = 0;
    double predicted = 0;
    for (int draw = 0; draw < draws; draw++) {
      RunRandom random = RunRandom.of(7, RunRandom.Stream.EVALUATION, draw);
      double[] known = values(ALL, i -> 10 * random.normal(i));
      double[] values = values(SOME, i -> 3 + 0.9 * known[i] + 2 * random.normal(100_000 + i));
      double[] some = Arrays.copyOf(known, SOME);
      MeanEstimate mean = MeanEstimate.regressed(values, some, MeanEstimate.of(known));
      squares += (mean.value() - 3) * (mean.value() - 3) / draws;
      plainSquares +=
          (MeanEstimate.of(values).value() - 3) * (MeanEstimate.of(values).value() - 3) / draws;
      predicted += mean.standardError() * mean.standardError() / draws;
    }
    assertThat(Math.sqrt(squares / predicted)).isCloseTo(1, within(4 * 0.035));
    assertThat(squares).isLessThan(plainSquares / 9);
  }

  @Test
  void withoutARegressionItIsThePlainMean() {
    MeanEstimate all = new MeanEstimate(5, 0.1, 100);
    double[] two = {1, 3};
    assertThat(MeanEstimate.regressed(two, new double[] {1, 2}, all))
        .isEqualTo(MeanEstimate.of(two));
    double[] four = {1, 3, 4, 8};
    assertThat(MeanEstimate.regressed(four, new double[] {2, 2, 2, 2}, all))
        .isEqualTo(MeanEstimate.of(four));
    assertThat(
            MeanEstimate.regressed(
                four,
                new double[] {2, 3, 5, 6},
                new MeanEstimate(Double.NEGATIVE_INFINITY, Double.NaN, 100)))
        .as("one of the other images has no finite value")
        .isEqualTo(MeanEstimate.of(four));
    assertThatThrownBy(() -> MeanEstimate.regressed(four, two, all))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4 values and 2 known ones");
  }
}
