package org.ratescope.dataset.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.dataset.source.Conversion.Form;
import org.ratescope.spec.data.CustomImages.Fit;

/** Scaling and colours against a slow twin and values worked out by hand. */
class ConversionTest {
  private static int[] bytes(Conversion conversion, double[] samples, Form form)
      throws FormatException {
    byte[] kept = conversion.room(1);
    conversion.convert(i -> samples[i], form, 255, ByteBuffer.wrap(kept), "x.png");
    int[] values = new int[kept.length];
    Arrays.setAll(values, i -> Byte.toUnsignedInt(kept[i]));
    return values;
  }

  private static Conversion grey(int height, int width, Fit fit) {
    return new Conversion(1, height, width, fit, PixelType.UINT8);
  }

  @Test
  void halvesAreMeansOfFour() throws FormatException {
    double[] samples = {0, 1, 10, 20, 2, 3, 30, 43, 255, 255, 0, 0, 255, 255, 0, 1};
    // (0+1+2+3)/4 = 1.5 and (10+20+30+43)/4 = 25.75 are rounded half up
    assertThat(bytes(grey(2, 2, Fit.SAME), samples, new Form(1, 4, 4, false)))
        .containsExactly(2, 26, 255, 0);
  }

  @Test
  void aWholeNumberOfPixelsIsNotNeeded() throws FormatException {
    // three columns to two: the middle one is shared, (2·30 + 60) / 3 and (60 + 2·90) / 3
    assertThat(bytes(grey(1, 2, Fit.STRETCH), new double[] {30, 60, 90}, new Form(1, 1, 3, false)))
        .containsExactly(40, 80);
    // two rows to three: the middle one is their mean
    assertThat(bytes(grey(3, 1, Fit.STRETCH), new double[] {10, 20}, new Form(1, 2, 1, false)))
        .containsExactly(10, 15, 20);
  }

  /** Each new pixel as the mean over a grid so fine that both pixels are whole blocks of it. */
  @Test
  void agreesWithASlowTwin() throws FormatException {
    SplittableRandom random = new SplittableRandom(7);
    for (int trial = 0; trial < 40; trial++) {
      int rows = 1 + random.nextInt(9);
      int columns = 1 + random.nextInt(9);
      int height = 1 + random.nextInt(9);
      int width = 1 + random.nextInt(9);
      double[] samples = random.doubles((long) rows * columns, 0, 256).map(Math::floor).toArray();
      int[] expected = new int[height * width];
      for (int i = 0; i < expected.length; i++) {
        long sum = 0;
        for (int y = 0; y < rows; y++) { // a block of the fine grid is rows × columns
          for (int x = 0; x < columns; x++) {
            int fineRow = i / width * rows + y;
            int fineColumn = i % width * columns + x;
            sum += (long) samples[fineRow / height * columns + fineColumn / width];
          }
        }
        long count = (long) rows * columns;
        expected[i] = (int) ((2 * sum + count) / (2 * count));
      }
      assertThat(bytes(grey(height, width, Fit.STRETCH), samples, new Form(1, rows, columns, true)))
          .as("%d×%d to %d×%d", rows, columns, height, width)
          .containsExactly(expected);
    }
  }

  @Test
  void greyIsLumaAndIsRoundedOnce() throws FormatException {
    double[] red = {255, 0, 0};
    double[] green = {0, 255, 0};
    double[] blue = {0, 0, 255};
    Form pixel = new Form(3, 1, 1, true);
    assertThat(bytes(grey(1, 1, Fit.SAME), red, pixel)).containsExactly(76); // 76.245
    assertThat(bytes(grey(1, 1, Fit.SAME), green, pixel)).containsExactly(150); // 149.685
    assertThat(bytes(grey(1, 1, Fit.SAME), blue, pixel)).containsExactly(29); // 29.07
    // two pixels of luma 0.299 and 0.587: their mean 0.443 is 0, though rounded first it were 1 and
    // 0.5
    double[] two = {1, 0, 0, 0, 1, 0};
    assertThat(bytes(grey(1, 1, Fit.STRETCH), two, new Form(3, 1, 2, true))).containsExactly(0);
    double[] planes = {255, 0, 0, 0, 0, 255}; // two pixels, red then blue, as planes
    assertThat(bytes(grey(1, 2, Fit.SAME), planes, new Form(3, 1, 2, false)))
        .containsExactly(76, 29);
  }

  @Test
  void colourIsPlanes() throws FormatException {
    Conversion colour = new Conversion(3, 1, 2, Fit.SAME, PixelType.UINT8);
    double[] samples = {1, 2, 3, 4, 5, 6};
    assertThat(bytes(colour, samples, new Form(3, 1, 2, true))).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(bytes(colour, samples, new Form(3, 1, 2, false))).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(bytes(colour, new double[] {7, 8}, new Form(1, 1, 2, false)))
        .containsExactly(7, 8, 7, 8, 7, 8);
    assertThat(colour.keeps(new Form(3, 1, 2, true))).isTrue();
    assertThat(colour.keeps(new Form(1, 1, 2, true))).isFalse();
    byte[] kept = colour.room(1);
    colour.separate(
        new byte[] {9, 9, 1, 2, 3, 4, 5, 6}, 2, new Form(3, 1, 2, true), ByteBuffer.wrap(kept));
    assertThat(kept).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void whiteNeedNotBe255() throws FormatException {
    byte[] kept = new byte[3];
    new Conversion(1, 1, 3, Fit.SAME, PixelType.UINT8)
        .convert(i -> i, new Form(1, 1, 3, true), 2, ByteBuffer.wrap(kept), "x.npy"); // 0, 1, 2
    assertThat(kept).containsExactly(0, 128, 255);
  }

  @Test
  void floatsAreKeptToTheLastBit() throws FormatException {
    float[] values = {0, 0.1f, 1 / 3f, 1, Math.nextDown(1f), Float.MIN_VALUE};
    double[] samples = new double[values.length];
    Arrays.setAll(samples, i -> values[i]);
    Conversion conversion = new Conversion(1, 2, 3, Fit.SAME, PixelType.FLOAT32);
    byte[] kept = conversion.room(1);
    ByteBuffer into = ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN);
    conversion.convert(i -> samples[i], new Form(1, 2, 3, true), 1, into, "x.npy");
    float[] back = new float[values.length];
    into.flip().asFloatBuffer().get(back);
    assertThat(back).containsExactly(values);
  }

  @Test
  void cropsTheMiddle() throws FormatException {
    double[] wide = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}; // 2 × 5 to a square: columns 1 and 2
    assertThat(bytes(grey(2, 2, Fit.CROP), wide, new Form(1, 2, 5, true)))
        .containsExactly(2, 3, 7, 8);
    double[] tall = {1, 2, 3, 4, 5, 6, 7, 8}; // 4 × 2: rows 1 and 2
    assertThat(bytes(grey(2, 2, Fit.CROP), tall, new Form(1, 4, 2, true)))
        .containsExactly(3, 4, 5, 6);
  }

  @Test
  void anotherShapeIsRefusedUnlessAskedFor() {
    assertThatThrownBy(() -> bytes(grey(2, 2, Fit.SAME), new double[6], new Form(1, 2, 3, true)))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "x.png: 2×3 pixels, which cannot become 2×2 without a change of shape; expected"
                + " fit=crop or fit=stretch");
  }
}
