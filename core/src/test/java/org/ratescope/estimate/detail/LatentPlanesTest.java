package org.ratescope.estimate.detail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.results.LatentPlane;

class LatentPlanesTest {
  private static final double[] MEAN = {0, 0, 1, -1, -2, 2.5};
  private static final double[] LOG_VAR = {0, 0, -2, -1, -3, -4};

  @Test
  void agreesWithPlainDensities() {
    LatentPlane plane = LatentPlanes.of(Posteriors.of(2, MEAN, LOG_VAR));

    assertThat(plane.trainExamples()).isEqualTo(3);
    for (int cell = 0; cell < plane.size() * plane.size(); cell += 37) {
      double x = -3 + 6 * (cell % 120 + 0.5) / 120;
      double y = -3 + 6 * (Math.floorDiv(cell, 120) + 0.5) / 120;
      assertThat(plane.centre(cell % 120)).isCloseTo(x, within(1e-12));
      double[] density = new double[3];
      int heaviest = 0;
      for (int n = 0; n < 3; n++) {
        density[n] =
            normal(x, MEAN[2 * n], LOG_VAR[2 * n]) * normal(y, MEAN[2 * n + 1], LOG_VAR[2 * n + 1]);
        heaviest = density[n] > density[heaviest] ? n : heaviest;
      }
      double sum = density[0] + density[1] + density[2];
      assertThat(plane.logDensity().get(cell)).isCloseTo((float) Math.log(sum / 3), within(1e-5f));
      assertThat(plane.heaviest().get(cell)).isEqualTo(heaviest);
      assertThat(plane.largestWeight().get(cell))
          .isCloseTo((float) (density[heaviest] / sum), within(1e-6f));
    }
    assertThat(plane.codes()).contains(new LatentPlane.Code(2, -2, 2.5)).hasSize(3);
  }

  private static double normal(double z, double mean, double logVar) {
    double variance = Math.exp(logVar);
    return Math.exp(-(z - mean) * (z - mean) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
  }

  /** q(z) is a density: the grid here contains nearly all of it. */
  @Test
  void theDensityAddsUpToOne() {
    double[] mean = {0.3, -0.4, -0.5, 0.5};
    LatentPlane plane = LatentPlanes.of(Posteriors.of(2, mean, new double[] {-2, -2, -2, -1}));
    double cell = Math.pow(6.0 / 120, 2);
    assertThat(plane.logDensity().stream().mapToDouble(l -> Math.exp(l) * cell).sum())
        .isCloseTo(1, within(1e-3));
  }

  @Test
  void needsTwoLatents() {
    assertThatThrownBy(() -> LatentPlanes.of(Posteriors.of(1, new double[2], new double[2])))
        .hasMessage("a plane of codes needs 2 latents; got 1");
  }
}
