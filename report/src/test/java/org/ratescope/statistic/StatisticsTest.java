package org.ratescope.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Statistics compared with numbers computed by hand. */
class StatisticsTest {
  private static Restarts at(double beta, double... values) {
    return new Restarts(beta, Arrays.stream(values).boxed().toList());
  }

  private static Polyline line(double[] rates, double[] distortions) {
    return new Polyline(
        IntStream.range(0, rates.length)
            .mapToObj(i -> new Polyline.Point(rates[i], distortions[i]))
            .toList());
  }

  private static double[] of(double... values) {
    return values;
  }

  @Test
  void ranksCorrelate() {
    assertThat(RankCorrelation.correlation(of(1, 2, 3), of(10, 100, 1000))).isEqualTo(1);
    assertThat(RankCorrelation.correlation(of(1, 2, 3), of(3, 2, 1))).isEqualTo(-1);
    // 1 - 6 * (0 + 1 + 1) / (3 * 8)
    assertThat(RankCorrelation.correlation(of(1, 2, 3), of(1, 3, 2))).isCloseTo(0.5, within(1e-12));
    // Ranks 1, 2.5, 2.5, 4 against 1 to 4: 4.5 / sqrt(4.5 * 5).
    assertThat(RankCorrelation.correlation(of(1, 2, 3, 4), of(0, 7, 7, 9)))
        .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
    assertThat(RankCorrelation.correlation(of(1, 2), of(5, 5))).isNaN();
    assertThat(RankCorrelation.correlation(of(), of())).isNaN();
  }

  @Test
  void distancesAreToTheNearestPointOfACurve() {
    Polyline corner = line(of(0, 0, 10), of(10, 0, 0));
    assertThat(line(of(5), of(2)).distanceTo(corner)).isEqualTo(2);
    assertThat(line(of(13), of(4)).distanceTo(corner)).isEqualTo(5);
    assertThat(line(of(5, 13), of(2, 4)).distanceTo(corner)).isEqualTo(3.5);
    assertThat(corner.distanceTo(corner)).isEqualTo(0);
    assertThat(corner.extent()).isCloseTo(Math.sqrt(200), within(1e-12));
    assertThat(line(of(3), of(4)).distanceTo(line(of(0), of(0)))).isEqualTo(5);
    assertThat(line(of(3), of(4)).distanceTo(line(of(0, 0), of(0, 0))))
        .as("a segment without length")
        .isEqualTo(5);
  }

  /** P(T > t) of three degrees of freedom, in closed form. */
  private static double above3(double t) {
    double u = t / Math.sqrt(3);
    return 0.5 - (u / (1 + u * u) + Math.atan(u)) / Math.PI;
  }

  @Test
  void effectsHaveBoundsForTheFamilyOfComparisons() throws Exception {
    Series series = new Series("d", List.of(at(1, 4, 6), at(0.1, 9, 11), at(0.01, 1, 3)));
    assertThat(series.weights()).containsExactly(0.01, 0.1, 1);
    assertThat(series.means()).containsExactly(2, 10, 5);
    assertThat(series.trend()).isCloseTo(0.5, within(1e-12));
    assertThat(series.lowest().beta()).isEqualTo(0.01);
    assertThat(series.highest().beta()).isEqualTo(0.1);
    // Each sample has the variance 2, so a difference of two means of two has the variance 2.
    Effect reversal = series.reversal(1);
    assertThat(reversal.value()).isEqualTo(5);
    double t = (reversal.high() - reversal.value()) / Math.sqrt(2);
    assertThat(above3(t)).as("three pairs").isCloseTo(0.05 / 3, within(1e-9));
    Effect ascent = series.ascent(1);
    assertThat(ascent.value()).isEqualTo(8);
    assertThat(ascent.high() - 8).isCloseTo(reversal.high() - 5, within(1e-12));
    Series negative = new Series("-d", List.of(at(1, -4, -6), at(0.1, -9, -11), at(0.01, -1, -3)));
    assertThat(negative.reversal(1)).isEqualTo(ascent);
    Effect growth = series.growth(4);
    assertThat(growth.value()).isEqualTo(3);
    assertThat(above3((growth.high() - 3) / Math.sqrt(2))).isCloseTo(0.05 / 4, within(1e-9));
    assertThat(growth.high() - 3).isCloseTo(3 - growth.low(), within(1e-12));
    assertThat(series.rise(1).value()).isEqualTo(0);
    assertThat(series.lead(series.near(0.12), 1).value()).isEqualTo(5);
    assertThat(series.deficit(series.near(1), 1).value()).isEqualTo(5);
    assertThat(new Series("d", List.of(at(1, 3, 3), at(2, 3, 3))).reversal(1))
        .isEqualTo(new Effect(0, 0, 0));
    assertThatThrownBy(() -> new Series("d", List.of(at(1, 3), at(2, 2))).reversal(1))
        .isInstanceOf(NotEnoughRuns.class)
        .hasMessageStartingWith("d: one restart only");
    assertThatThrownBy(() -> series.near(0.03))
        .isInstanceOf(NotEnoughRuns.class)
        .hasMessage("d: no runs at β = 0.03");
  }

  /** Of normal values without any effect, each bound is exceeded in about 5 % of studies. */
  @Test
  void boundsAreExceededByChanceInFivePercentOfStudies() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    int studies = 4000;
    int[] errors = new int[2];
    for (int i = 0; i < studies; i++) {
      List<Restarts> samples = new ArrayList<>();
      for (int weight = 1; weight <= 6; weight++) {
        samples.add(at(weight, random.nextGaussian(), random.nextGaussian()));
      }
      Series flat = new Series("flat", samples);
      errors[0] += flat.reversal(1).low() > 0 ? 1 : 0;
      errors[1] += flat.rise(1).low() > 0 ? 1 : 0;
    }
    assertThat(errors[0] / (double) studies).as("a reversal").isBetween(0.02, 0.055);
    assertThat(errors[1] / (double) studies).as("a rise").isBetween(0.01, 0.055);
  }

  @Test
  void curvesAreComparedAtEqualRateRestartByRestart() throws Exception {
    Series rate = new Series("r", List.of(at(1, 0, 0), at(2, 5, 5), at(3, 10, 10)));
    Series high = new Series("d", List.of(at(1, 10, 12), at(2, 5, 7), at(3, 0, 2)));
    Series low = new Series("d", List.of(at(1, 8, 9), at(2, 3, 4), at(3, -2, -1)));
    PlaneCurve above = PlaneCurve.of(rate, high);
    PlaneCurve below = PlaneCurve.of(rate, low);
    Effect advantage = below.advantageOver(above, 1);
    assertThat(advantage.value()).as("2 and 3").isCloseTo(2.5, within(1e-12));
    // Student's with one degree of freedom: tan(π (1/2 − 0.05)); standard error 0.5.
    assertThat(advantage.low()).isCloseTo(2.5 - 0.5 * Math.tan(Math.PI * 0.45), within(1e-6));
    // The means are lines of slope −1 that are 1 from each restart: 1 / √2 in the plane, but at an
    // end 1.
    assertThat(above.spread()).isBetween(1 / Math.sqrt(2), 1.0);
    assertThat(above.mean().height()).isEqualTo(10);
    assertThat(above.nearer(above, below, 1).value()).isPositive();
    Series elsewhere = new Series("r", List.of(at(1, 20, 20), at(2, 25, 25), at(3, 30, 30)));
    assertThatThrownBy(() -> below.advantageOver(PlaneCurve.of(elsewhere, high), 1))
        .isInstanceOf(NotEnoughRuns.class)
        .hasMessage("d: no rate in common with d");
  }

  @Test
  void slopesAreThoseOfLeastSquares() {
    assertThat(RankCorrelation.slope(of(0, 1, 2), of(1, 3, 5))).isCloseTo(2, within(1e-12));
    // Means 1 and 8/3; sums -1 * (1 - 8/3) + 1 * (3 - 8/3) = 2, over 2.
    assertThat(RankCorrelation.slope(of(0, 1, 2), of(1, 4, 3))).isCloseTo(1, within(1e-12));
  }

  @Test
  void curvesOfTwoSeriesShareTheirWeights() {
    Series rate = new Series("r", List.of(at(1, 5), at(2, 4), at(3, 3)));
    Series distortion = new Series("d", List.of(at(3, 30), at(1, 10)));
    Polyline curve = Polyline.of(rate, distortion);
    assertThat(curve).isEqualTo(line(of(5, 3), of(10, 30)));
  }
}
