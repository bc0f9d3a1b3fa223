package org.ratescope.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Student's t distribution and Holm's correction. */
class StudentTest {
  /** Values of {@code scipy.stats.t.sf}, SciPy 1. */
  @Test
  void agreesWithScipy() {
    assertThat(new StudentT(1).above(2.5)).isCloseTo(0.12111894159084342, within(1e-14));
    assertThat(new StudentT(2).above(4.302652729911275))
        .isCloseTo(0.024999999998258315, within(1e-14));
    assertThat(new StudentT(7).above(1.2)).isCloseTo(0.1345859684136033, within(1e-14));
    assertThat(new StudentT(16).above(5.5)).isCloseTo(2.422746759587734e-05, within(1e-14));
    assertThat(new StudentT(101).above(-2)).isCloseTo(0.9759073943963047, within(1e-14));
    assertThat(new StudentT(5).exceededWith(0.00125)).isCloseTo(5.604165478498172, within(1e-9));
  }

  /** The twin integrates the density by Simpson's rule. */
  @Test
  void agreesWithAnIntegralOfTheDensity() {
    for (int freedom = 1; freedom <= 12; freedom++) {
      for (double t : new double[] {0.1, 1, 2.7}) {
        double within = simpson(freedom, t) / (2 * simpson(freedom, 4000));
        assertThat(new StudentT(freedom).above(t)).isCloseTo(0.5 - within, within(2e-4));
      }
    }
  }

  private static double simpson(int freedom, double end) {
    int parts = 400_000;
    double sum = 0;
    for (int i = 0; i <= parts; i++) {
      double x = end * i / parts;
      double weight = i == 0 || i == parts ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.pow(1 + x * x / freedom, -(freedom + 1) / 2.0);
    }
    return sum * end / parts / 3;
  }

  @Test
  void quantilesInvertProbabilities() {
    for (int freedom : new int[] {1, 2, 3, 8, 40}) {
      StudentT student = new StudentT(freedom);
      for (double p : new double[] {0.5, 0.1, 0.025, 1e-6}) {
        assertThat(student.above(student.exceededWith(p))).isCloseTo(p, within(1e-9));
      }
      assertThat(student.above(Double.POSITIVE_INFINITY)).isZero();
    }
    assertThatThrownBy(() -> new StudentT(0)).hasMessageContaining("got 0");
    assertThatThrownBy(() -> new StudentT(2).exceededWith(0)).hasMessageContaining("got 0.0");
  }

  /**
   * The twin is the closed test: a hypothesis is rejected if Bonferroni's test rejects every set
   * that contains it.
   */
  @Test
  void holmIsTheClosedBonferroniTest() {
    Random random = new Random(3);
    for (int trial = 0; trial < 200; trial++) {
      int m = 1 + random.nextInt(6);
      List<Double> p = new ArrayList<>();
      for (int i = 0; i < m; i++) {
        p.add(i > 0 && random.nextInt(4) == 0 ? p.getFirst() : Math.pow(random.nextDouble(), 3));
      }
      double[] corrected = Holm.corrected(p);
      for (int i = 0; i < m; i++) {
        double expected = 0;
        for (int set = 1; set < 1 << m; set++) {
          if ((set >> i & 1) == 1) {
            double least = 1;
            for (int j = 0; j < m; j++) {
              least = (set >> j & 1) == 1 ? Math.min(least, p.get(j)) : least;
            }
            expected = Math.max(expected, Math.min(1, Integer.bitCount(set) * least));
          }
        }
        assertThat(corrected[i]).isCloseTo(expected, within(1e-12));
      }
    }
    assertThat(Holm.corrected(List.of())).isEmpty();
  }
}
