package org.ratescope.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
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

  @Test
  void reversalsAreComparedWithThePooledSpread() throws Exception {
    Series series = new Series("d", List.of(at(1, 4, 6), at(0.1, 9, 11), at(0.01, 1, 3)));
    assertThat(series.weights()).containsExactly(0.01, 0.1, 1);
    assertThat(series.means()).containsExactly(2, 10, 5);
    // 10 against 5, both with variance 2.
    assertThat(series.reversal()).isCloseTo(5 / Math.sqrt(2), within(1e-12));
    assertThat(series.trend()).isCloseTo(0.5, within(1e-12));
    assertThat(series.lowest().beta()).isEqualTo(0.01);
    assertThat(series.highest().beta()).isEqualTo(0.1);
    assertThat(new Series("d", List.of(at(1, 2, 2), at(2, 3, 3))).reversal()).isEqualTo(0);
    assertThat(new Series("d", List.of(at(1, 3, 3), at(2, 2, 2))).reversal())
        .as("restarts that do not differ")
        .isInfinite();
    assertThat(new Series("d", List.of(at(1, 3, 3), at(2, 3, 3))).reversal()).isEqualTo(0);
    assertThatThrownBy(() -> new Series("d", List.of(at(1, 3), at(2, 2))).reversal())
        .isInstanceOf(NotEnoughRuns.class)
        .hasMessageStartingWith("d: one restart only");
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
