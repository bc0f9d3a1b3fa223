package org.ratescope.spec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.dataset.tetromino.Tetrominoes;

/** The distortion ranges that relate β of different resolutions, computed from the images. */
class DistortionRangeTest {
  private static final int ALL = 163_840;

  private static double entropy(double p) {
    return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  }

  private static double range(int resolution, int[] rows) {
    DataSpec data = DataSpec.parse("tetrominoes:resolution=" + resolution);
    Tetrominoes images = Tetrominoes.of((DataSpec.Tetrominoes) data);
    float[] image = new float[data.dimensions()];
    double[] mean = new double[image.length];
    double floor = 0;
    for (int row : rows) {
      images.render(row, image);
      for (int i = 0; i < image.length; i++) {
        mean[i] += image[i] / (double) rows.length;
        floor += entropy(image[i]) / rows.length;
      }
    }
    double best = 0;
    for (double value : mean) {
      best += entropy(value);
    }
    return best - floor;
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 16, 8, 4})
  void ofRandomImages(int resolution) {
    SplittableRandom random = new SplittableRandom(1);
    int[] rows = random.ints(2000, 0, ALL).toArray();
    double stated = DataSpec.Tetrominoes.distortionRange(resolution);
    assertThat(range(resolution, rows)).isCloseTo(stated, within(0.02 * stated));
  }

  @Tag("long") // renders all images four times, about a minute
  @ParameterizedTest
  @ValueSource(ints = {32, 16, 8, 4})
  void ofAllImages(int resolution) {
    int[] rows = IntStream.range(0, ALL).toArray();
    assertThat(range(resolution, rows))
        .isCloseTo(DataSpec.Tetrominoes.distortionRange(resolution), within(1e-4));
  }

  @Test
  void scaleBeta() {
    assertThat(DataSpec.parse("tetrominoes").betaScale()).isEqualTo(1);
    assertThat(DataSpec.parse("tetrominoes:resolution=16").betaScale())
        .isCloseTo(4.38, within(0.005));
    assertThat(DataSpec.parse("mnist").betaScale()).isEqualTo(1);
  }
}
