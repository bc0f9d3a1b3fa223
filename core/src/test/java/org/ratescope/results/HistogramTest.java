package org.ratescope.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ratescope.spec.RunRandom;

class HistogramTest {

  @Test
  void everyValueIsCountedInTheBinItsEdgesName() {
    double width = Math.sqrt(768) / 256;
    RunRandom random = RunRandom.of(3, RunRandom.Stream.ORDER, 0);
    double[] values =
        IntStream.range(0, 5000).mapToDouble(i -> 5 + 3 * random.uniform(i)).toArray();
    for (int i = 0; i < 500; i++) {
      values[i] = (47 + i % 20) * width; // on an edge: belongs to the bin that begins there
    }
    Histogram histogram = Histogram.of(values, width);

    assertThat(histogram.counts().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(values.length);
    for (int bin = 0; bin < histogram.counts().size(); bin++) {
      double low = histogram.low(bin);
      double high = histogram.low(bin + 1);
      long inside =
          IntStream.range(0, values.length)
              .filter(i -> values[i] >= low && values[i] < high)
              .count();
      assertThat(histogram.counts().get(bin)).as("bin %d", bin).isEqualTo((int) inside);
    }
    assertThat(histogram.counts().getFirst()).isPositive();
    assertThat(histogram.counts().getLast()).isPositive();
  }

  @Test
  void nothingAndZero() {
    assertThat(Histogram.of(new double[0], 1).counts()).isEmpty();
    assertThat(Histogram.of(new double[] {0}, 1)).isEqualTo(new Histogram(1, 0, List.of(1)));
  }

  @Test
  void refusesWhatIsNoDistance() {
    assertThatThrownBy(() -> Histogram.of(new double[] {1, Double.NaN}, 1))
        .hasMessage("values must be finite and at least 0; got NaN");
    assertThatThrownBy(() -> Histogram.of(new double[] {-1}, 1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> new Histogram(Double.NaN, 0, List.of()))
        .hasMessage("width must be finite and above 0; got NaN");
  }
}
