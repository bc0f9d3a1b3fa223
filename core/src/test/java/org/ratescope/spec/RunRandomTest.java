package org.ratescope.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ratescope.spec.RunRandom.Stream;

class RunRandomTest {
  /** Quantiles to 16 digits, as tabulated (R's qnorm and Mathematica agree on them). */
  @Test
  void normalQuantileMatchesTabulatedValues() {
    assertThat(NormalQuantile.of(0.5)).isZero();
    assertThat(NormalQuantile.of(0.975)).isCloseTo(1.959963984540054, within(4e-15));
    assertThat(NormalQuantile.of(0.75)).isCloseTo(0.6744897501960817, within(2e-15));
    assertThat(NormalQuantile.of(0.001)).isCloseTo(-3.090232306167813, within(5e-15));
    assertThat(NormalQuantile.of(1e-20)).isCloseTo(-9.262340089798409, within(2e-14));
  }

  /**
   * The density integrated from quantile to quantile (Simpson's rule) gives the probability back:
   * an independent twin.
   */
  @Test
  void normalQuantileInvertsTheIntegralOfTheDensity() {
    double[] probabilities = {1e-9, 1e-4, 0.02, 0.074, 0.0751, 0.3, 0.6, 0.9249, 0.93, 0.9999};
    for (int i = 1; i < probabilities.length; i++) {
      double from = NormalQuantile.of(probabilities[i - 1]);
      double to = NormalQuantile.of(probabilities[i]);
      assertThat(integral(from, to))
          .isCloseTo(probabilities[i] - probabilities[i - 1], within(1e-13));
    }
  }

  private static double integral(double from, double to) {
    int n = 20_000;
    double h = (to - from) / n;
    double sum = 0;
    for (int i = 0; i <= n; i++) {
      double x = from + i * h;
      sum += (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) * Math.exp(-x * x / 2);
    }
    return sum * h / 3 / Math.sqrt(2 * Math.PI);
  }

  /** The JDK's SplittableRandom is SplitMix64 too: with the same start the words agree. */
  @Test
  void wordsAreSplitMix64() {
    RunRandom random = RunRandom.of(7, Stream.NOISE, 3);
    long start = start(7, 2, 3);
    SplittableRandom twin = new SplittableRandom(start);
    for (int i = 0; i < 100; i++) {
      assertThat(random.word(i)).isEqualTo(twin.nextLong());
    }
  }

  private static long start(long seed, int stream, long step) {
    return mix(mix(mix(seed) + stream) + step);
  }

  /** One SplitMix64 output, by the JDK. */
  private static long mix(long z) {
    return new SplittableRandom(z).nextLong();
  }

  @Test
  void normalsHaveTheMomentsOfTheNormalDistribution() {
    int n = 400_000;
    double[] x = new double[n];
    RunRandom.of(1, Stream.NOISE, 0).normals(x, 0, n);
    double mean = Arrays.stream(x).average().orElseThrow();
    double square = Arrays.stream(x).map(v -> v * v).average().orElseThrow();
    double fourth = Arrays.stream(x).map(v -> v * v * v * v).average().orElseThrow();
    // five standard errors: 1/√n, √2/√n, √96/√n
    assertThat(mean).isCloseTo(0, within(5 / Math.sqrt(n)));
    assertThat(square).isCloseTo(1, within(5 * Math.sqrt(2.0 / n)));
    assertThat(fourth).isCloseTo(3, within(5 * Math.sqrt(96.0 / n)));
  }

  @Test
  void streamsAndStepsAndSeedsDiffer() {
    HashSet<Long> words = new HashSet<>();
    for (Stream stream : Stream.values()) {
      for (int step = 0; step < 10; step++) {
        for (int seed = 0; seed < 10; seed++) {
          words.add(RunRandom.of(seed, stream, step).word(0));
        }
      }
    }
    assertThat(words).hasSize(Stream.values().length * 100);
  }

  @Test
  void shuffleIsAPermutationAndUniform() {
    int n = 20;
    int trials = 20_000;
    int[][] counts = new int[n][n];
    for (int t = 0; t < trials; t++) {
      int[] values = new int[n];
      Arrays.setAll(values, i -> i);
      RunRandom.of(t, Stream.ORDER, 0).shuffle(values);
      assertThat(Arrays.stream(values).sorted().toArray()[n - 1]).isEqualTo(n - 1);
      for (int i = 0; i < n; i++) {
        counts[i][values[i]]++;
      }
    }
    double expected = (double) trials / n;
    double chiSquare = 0;
    for (int[] row : counts) {
      for (int count : row) {
        chiSquare += (count - expected) * (count - expected) / expected;
      }
    }
    // 361 degrees of freedom, standard deviation √722 = 26.9: five of them
    assertThat(chiSquare).isCloseTo(361, within(5 * Math.sqrt(722)));
  }

  /** A named stream depends on seed, name and step, and differs from the built-in streams. */
  @Test
  void aNamedStreamIsAFunctionOfSeedNameAndStep() {
    long word = RunRandom.named(1, "codeNorm", 2).word(0);
    assertThat(RunRandom.named(1, "codeNorm", 2).word(0)).isEqualTo(word);
    assertThat(RunRandom.named(2, "codeNorm", 2).word(0)).isNotEqualTo(word);
    assertThat(RunRandom.named(1, "codeNorm", 3).word(0)).isNotEqualTo(word);
    assertThat(RunRandom.named(1, "codenorm", 2).word(0)).isNotEqualTo(word);
    for (RunRandom.Stream stream : RunRandom.Stream.values()) {
      assertThat(RunRandom.of(1, stream, 2).word(0)).isNotEqualTo(word);
    }
  }
}
