package org.ratescope.dataset.tetromino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.io.Sha256;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.DataSpec.Preset;
import org.ratescope.spec.data.DataSpec.Shape;

class TetrominoRenderTest {
  private static final int DIMENSIONS = 3 * 32 * 32;

  private static Tetrominoes data(Preset preset, Shape shape, int resolution) {
    return Tetrominoes.of(new DataSpec.Tetrominoes(preset, shape, resolution));
  }

  @Test
  void workedExampleMaps() {
    TemplatePlacement m = TemplatePlacement.of(Template.of(Shape.J), 30, 3.5, 15.25, 12.75);
    assertThat(new double[] {m.a(), m.b(), m.m2(), m.m5()})
        .containsExactly(
            0.4849742261192857, 0.27999999999999997, 161.50257738807144, 167.25386608210715);
    SourceMap map = SourceMap.of(m);
    assertThat(new double[] {map.i0(), map.i1(), map.i2(), map.i3(), map.i4(), map.i5()})
        .containsExactly(
            1.5464739353293548,
            -0.8928571428571427,
            -100.42571741728318,
            0.8928571428571427,
            1.5464739353293548,
            -402.8524742898232);
    assertThat(new int[] {map.columnByX(1), map.columnByX(2), map.columnByX(511)})
        .containsExactly(1584, 3167, 809214);
    assertThat(new int[] {map.rowByX(1), map.rowByX(2), map.rowByX(511)})
        .containsExactly(914, 1829, 467200);
    assertThat(new int[] {map.columnByY(0), map.columnByY(200)}).containsExactly(-102820, -285677);
    assertThat(new int[] {map.rowByY(0), map.rowByY(200)}).containsExactly(-412505, -95787);
  }

  @Test
  void workedExamplePixels() {
    Template j = Template.of(Shape.J);
    int[] grey = TetrominoRaster.grey(j, TemplatePlacement.of(j, 30, 3.5, 15.25, 12.75));
    assertThat(Arrays.copyOfRange(grey, 8 * 32 + 13, 8 * 32 + 18))
        .containsExactly(113280, 250560, 262144, 248384, 24800);
    assertThat(Arrays.copyOfRange(grey, 9 * 32 + 13, 9 * 32 + 18))
        .containsExactly(110560, 262144, 262144, 262144, 162240);
    assertThat(Arrays.copyOfRange(grey, 10 * 32 + 13, 10 * 32 + 19))
        .containsExactly(4032, 217376, 262144, 262144, 260448, 53408);
    double sum = Arrays.stream(grey).sum() / (double) TetrominoRaster.WHITE;
    assertThat(Math.round(sum * 1e6)).isEqualTo(49_000_225);
  }

  @Test
  void workedExampleColor() {
    float[] image = new float[DIMENSIONS];
    data(Preset.PUBLISHED, Shape.J, 32).render(30, 0.25, 3.5, 15.25, 12.75, image);
    int pixel = 8 * 32 + 13;
    assertThat(new double[] {image[pixel], image[1024 + pixel], image[2048 + pixel]})
        .containsExactly(0.21606440842151642, 0.43212890625, 0);
  }

  @Test
  void imageFixturesBitForBit() {
    double[] labels = Fixtures.doubles("images_labels.npy");
    float[] expected = Fixtures.floats("images_chw.npy");
    assertThat(labels).hasSize(88 * 6);
    float[] image = new float[DIMENSIONS];
    for (int i = 0; i < 88; i++) {
      double[] f = Arrays.copyOfRange(labels, 6 * i, 6 * i + 6);
      data(Preset.PUBLISHED, shape((int) f[5]), 32).render(f[0], f[1], f[2], f[3], f[4], image);
      assertThat(bits(image))
          .as("image %d", i)
          .isEqualTo(bits(Arrays.copyOfRange(expected, DIMENSIONS * i, DIMENSIONS * (i + 1))));
    }
    assertThat(sha256(expected))
        .isEqualTo(Fixtures.manifest().at("/fixture/images_sha256").asText());
  }

  private static Shape shape(int number) {
    return Shape.parse("JLITZSO".substring(number, number + 1));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private static String sha256(float[] values) {
    MessageDigest digest = Sha256.start();
    for (int bits : bits(values)) {
      for (int shift = 0; shift < 32; shift += 8) {
        digest.update((byte) (bits >> shift));
      }
    }
    return Sha256.hex(digest);
  }

  /** Includes pieces that extend beyond the picture on every side, and angles along the axes. */
  @ParameterizedTest
  @EnumSource(Shape.class)
  void greyValuesOfTheSlowRenderer(Shape shape) {
    Template template = Template.of(shape);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 16; i++) {
      double angle = i % 3 == 0 ? 45.0 * random.nextInt(8) : random.nextDouble(360);
      double scale = random.nextDouble(2, 5);
      TemplatePlacement placement =
          TemplatePlacement.of(
              template, angle, scale, random.nextDouble(-3, 35), random.nextDouble(-3, 35));
      assertThat(TetrominoRaster.grey(template, placement))
          .isEqualTo(new SlowRenderer(template, placement).grey());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 8, 4})
  void lowerResolutionAveragesExactly(int resolution) {
    Tetrominoes full = data(Preset.PUBLISHED, Shape.T, 32);
    Tetrominoes low = data(Preset.PUBLISHED, Shape.T, resolution);
    int factor = 32 / resolution;
    float[] fullImage = new float[DIMENSIONS];
    float[] lowImage = new float[3 * resolution * resolution];
    for (int row = 0; row < full.size(); row += 1237) {
      full.render(row, fullImage);
      low.render(row, lowImage);
      for (int pixel = 0; pixel < resolution * resolution; pixel++) {
        double sum = 0; // of multiples of 2^-18 below 64: exact
        for (int i = 0; i < factor * factor; i++) {
          int y = pixel / resolution * factor + i / factor;
          int x = pixel % resolution * factor + i % factor;
          sum += grey(fullImage, y * 32 + x, 1024);
        }
        assertThat((double) grey(lowImage, pixel, resolution * resolution))
            .isEqualTo(sum / (factor * factor));
      }
    }
  }

  /** One plane of a fully saturated colour equals the grey value; the others are not above it. */
  private static float grey(float[] image, int pixel, int plane) {
    return Math.max(image[pixel], Math.max(image[plane + pixel], image[2 * plane + pixel]));
  }

  /** Nothing is cut off: samples are zero everywhere just outside the picture. */
  @ParameterizedTest
  @EnumSource(Shape.class)
  void piecesOfThePaperTextAreInside(Shape shape) {
    Tetrominoes data = data(Preset.PAPER_TEXT, shape, 32);
    Template template = Template.of(shape);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 40; i++) {
      // Positions in the first or last bin of both ranges, where pieces touch the picture's edge.
      int row = random.nextInt(640) * 256 + 240 * random.nextInt(2) + 15 * random.nextInt(2);
      double[] f = data.factors(row);
      TemplatePlacement placement = TemplatePlacement.of(template, f[0], f[2], f[3], f[4]);
      assertThat(new SlowRenderer(template, placement).outside(20)).as("row %d", row).isZero();
    }
  }

  @Test
  void paperTextTurnsFullyAndReachesTheEdges() {
    Tetrominoes data = data(Preset.PAPER_TEXT, Shape.J, 32);
    double[] low = data.factors(0);
    double[] high = data.factors(0);
    for (int row = 0; row < data.size(); row++) {
      double[] f = data.factors(row);
      for (int j = 0; j < 5; j++) {
        low[j] = Math.min(low[j], f[j]);
        high[j] = Math.max(high[j], f[j]);
      }
    }
    assertThat(low[0]).isBetween(0.0, 0.01);
    assertThat(high[0]).isBetween(359.99, 360.0);
    assertThat(high[2]).isBetween(4.99, 5.0);
    assertThat(low[3]).isBetween(0.0, 3.0);
    assertThat(high[4]).isBetween(28.0, 31.0);
  }

  @Test
  void refusesAnImageOfAnotherSize() {
    assertThatThrownBy(() -> data(Preset.PUBLISHED, Shape.J, 16).render(0, new float[3072]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image must hold 768 values; got 3072");
  }
}
