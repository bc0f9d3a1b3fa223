package org.ratescope.dataset.tetromino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ratescope.spec.data.DataSpec;

class FeatureSensitivityTest {
  private static final Tetrominoes IMAGES = Tetrominoes.of(DataSpec.Tetrominoes.published());

  @Test
  void oneFactorMovesByASixteenthAndStaysInItsRange() {
    double[] width = {337.5 / 16, 0.875 / 16, 3.0 / 16, 15.0 / 16, 15.0 / 16};
    double[] low = {0, 0, 2, 8, 8};
    double[] high = {337.5, 0.875, 5, 23, 23};
    for (int row = 0; row < IMAGES.size(); row += 997) {
      double[] before = IMAGES.factors(row);
      for (int factor = 0; factor < 5; factor++) {
        double[] after = IMAGES.moved(row, factor);
        assertThat(after[factor]).isGreaterThanOrEqualTo(low[factor]).isLessThan(high[factor]);
        for (int other = 0; other < 6; other++) {
          assertThat(Math.abs(after[other] - before[other]))
              .isCloseTo(other == factor ? width[factor] : 0, within(1e-9));
        }
      }
    }
  }

  /**
   * Appendix B.1: angle causes the most difference in pixel space, size the least, x and y stand
   * second and third. The means agree with another program's.
   */
  @Test
  void theFactorsHaveThePapersOrder() {
    int[] rows = IntStream.iterate(0, row -> row < IMAGES.size(), row -> row + 211).toArray();
    double[] mean =
        IntStream.range(0, 5)
            .mapToDouble(
                factor ->
                    Arrays.stream(FeatureSensitivity.of(IMAGES, factor, rows).distances())
                        .average()
                        .orElseThrow())
            .toArray();
    double[] others = {4.27, 2.00, 1.28, 3.67, 3.71}; // angle, color, scale, x, y
    for (int factor = 0; factor < 5; factor++) {
      assertThat(mean[factor]).isCloseTo(others[factor], within(0.1));
    }
  }

  @Test
  void distancesAreThoseOfTheTwoImages() {
    float[] a = new float[3072];
    float[] b = new float[3072];
    IMAGES.render(1234, a);
    double[] f = IMAGES.moved(1234, 3);
    IMAGES.render(f[0], f[1], f[2], f[3], f[4], b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    FeatureSensitivity found = FeatureSensitivity.of(IMAGES, 3, new int[] {1234});
    assertThat(found.factor()).isEqualTo("x");
    assertThat(found.distances()).hasSize(1);
    assertThat(found.distances()[0]).isCloseTo(Math.sqrt(sum), within(1e-12)).isPositive();
  }

  @Test
  void theShapeCannotBeMoved() {
    assertThatThrownBy(() -> FeatureSensitivity.of(IMAGES, 5, new int[] {0}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
