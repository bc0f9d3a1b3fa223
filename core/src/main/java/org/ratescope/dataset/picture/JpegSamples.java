package org.ratescope.dataset.picture;

import java.awt.image.Raster;

/**
 * Converts the channels of a JPEG file to grey or red, green, blue. Luma and chroma become colours
 * in libjpeg's whole-number arithmetic, so that the result equals that of all decoders based on it.
 * Ink on white paper becomes (1 - C) (1 - K), and so on, without a colour profile.
 */
final class JpegSamples {
  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);

  private JpegSamples() {}

  static Pixels of(Raster raster, JpegMarkers.Colours colours) {
    int bands = raster.getNumBands();
    int channels = bands == 1 ? 1 : 3;
    byte[] samples = new byte[raster.getHeight() * raster.getWidth() * channels];
    int[] row = new int[raster.getWidth() * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += bands) {
        put(row, x, colours);
        for (int c = 0; c < channels; c++) {
          samples[at++] = (byte) row[x + c];
        }
      }
    }
    return new Pixels(samples, channels, raster.getHeight(), raster.getWidth());
  }

  private static void put(int[] row, int at, JpegMarkers.Colours colours) {
    switch (colours) {
      case GREY, RGB -> {}
      case YCC -> toRgb(row, at);
      case INVERTED_CMYK -> darken(row, at);
      case INVERTED_YCCK -> {
        toRgb(row, at); // of these, 255 minus each is the stored ink
        for (int c = 0; c < 3; c++) {
          row[at + c] = 255 - row[at + c];
        }
        darken(row, at);
      }
    }
  }

  /** ITU-R BT.601, full range, computed like jdcolor.c of libjpeg. */
  private static void toRgb(int[] row, int at) {
    int luma = row[at];
    int blue = row[at + 1] - 128;
    int red = row[at + 2] - 128;
    row[at] = clamp(luma + ((fixed(1.40200) * red + HALF) >> BITS));
    row[at + 1] = clamp(luma + ((-fixed(0.34414) * blue - fixed(0.71414) * red + HALF) >> BITS));
    row[at + 2] = clamp(luma + ((fixed(1.77200) * blue + HALF) >> BITS));
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << BITS) + 0.5);
  }

  private static int clamp(int value) {
    return Math.clamp(value, 0, 255);
  }

  /** Colour times black, both 255 without ink. */
  private static void darken(int[] row, int at) {
    for (int c = 0; c < 3; c++) {
      row[at + c] = (2 * row[at + c] * row[at + 3] + 255) / (2 * 255);
    }
  }
}
