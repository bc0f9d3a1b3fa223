package org.ratescope.estimate.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;

class DeviceMarginalTest {
  private static final int N = 700;
  private static final int L = 3;
  private static final int CODES = 50;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Equals Java's own sum, for any tile, also for narrow and wide posteriors. */
  @ParameterizedTest
  @ValueSource(doubles = {-30, -3, 0, 8})
  void isTheSumOverAllPosteriors(double logVar) {
    double[] spread = normals(N * L, 2);
    Arrays.setAll(spread, i -> logVar + spread[i]);
    Posteriors posteriors = Posteriors.of(L, normals(N * L, 1), spread);
    double[] codes = normals(CODES * L, 3);
    double[] exact = InferenceMarginal.of(posteriors).logDensity(codes);
    for (long tile : new long[] {1, 7L * N * L, 1 << 26}) {
      double[] found = DeviceMarginal.logDensity(posteriors, codes, Device.CPU, tile);
      assertThat(found).hasSize(CODES);
      for (int i = 0; i < CODES; i++) {
        assertThat(found[i]).isCloseTo(exact[i], within(1e-13 * Math.max(1, Math.abs(exact[i]))));
      }
    }
  }

  private static double[] normals(int count, long seed) {
    double[] normals = new double[count];
    RunRandom.of(seed, RunRandom.Stream.NOISE, 0).normals(normals, 0, count);
    return normals;
  }
}
