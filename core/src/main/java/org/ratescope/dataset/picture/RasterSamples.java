package org.ratescope.dataset.picture;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;
import org.ratescope.dataset.format.FormatException;

/**
 * Converts the raster of a decoded picture to grey or red, green, blue in 8 bits. The colour model
 * defines the meaning of the bands.
 */
final class RasterSamples {
  private static final int WHITE = 255;

  private RasterSamples() {}

  static Pixels of(BufferedImage image, String where) throws FormatException {
    Raster raster = image.getRaster();
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return indexed(raster, palette);
    }
    check(image.getColorModel(), raster.getNumBands(), raster.getTransferType(), where);
    return direct(raster, image.getColorModel());
  }

  /**
   * Checks that bands of that meaning and type can be converted.
   *
   * @throws FormatException naming the bands if they cannot
   */
  static void check(ColorModel model, int bands, int transferType, String where)
      throws FormatException {
    if (model instanceof IndexColorModel) {
      return;
    }
    int space = model.getColorSpace().getType();
    boolean known =
        space == ColorSpace.TYPE_GRAY
            || space == ColorSpace.TYPE_RGB
            || (space == ColorSpace.TYPE_CMYK && !model.hasAlpha());
    FormatException.require(
        known && bands == model.getNumComponents() && bands <= 4,
        where,
        "%d channels, of which %d are colours; expected grey, colour or CMYK, with transparency"
            .formatted(bands, model.getNumColorComponents()));
    boolean whole =
        transferType == DataBuffer.TYPE_BYTE
            || transferType == DataBuffer.TYPE_USHORT
            || transferType == DataBuffer.TYPE_INT;
    int most = Arrays.stream(model.getComponentSize()).max().orElse(0);
    FormatException.require(
        whole && most <= 16,
        where,
        "samples that are not whole numbers of 8 or 16 bits; save it with 8 bits");
  }

  private static Pixels indexed(Raster raster, IndexColorModel palette) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    boolean grey = true;
    for (int argb : colours) {
      grey &= (argb >> 16 & 0xFF) == (argb >> 8 & 0xFF) && (argb & 0xFF) == (argb >> 8 & 0xFF);
    }
    int channels = grey ? 1 : 3;
    byte[] samples = new byte[raster.getHeight() * raster.getWidth() * channels];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        int index = raster.getSample(x, y, 0);
        int argb = index < colours.length ? colours[index] : 0;
        for (int c = 0; c < channels; c++) {
          samples[at++] = onBlack(argb >> (16 - 8 * c) & 0xFF, WHITE, argb >>> 24, WHITE);
        }
      }
    }
    return new Pixels(samples, channels, raster.getHeight(), raster.getWidth());
  }

  private static Pixels direct(Raster raster, ColorModel model) {
    int bands = raster.getNumBands();
    int channels = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY ? 1 : 3;
    byte[] samples = new byte[raster.getHeight() * raster.getWidth() * channels];
    int[] row = new int[raster.getWidth() * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += bands) {
        for (int c = 0; c < channels; c++) {
          samples[at++] = sample(row, x, c, model);
        }
      }
    }
    return new Pixels(samples, channels, raster.getHeight(), raster.getWidth());
  }

  private static byte sample(int[] row, int pixel, int c, ColorModel model) {
    int white = (1 << model.getComponentSize(c)) - 1;
    int last = model.getNumComponents() - 1;
    int most = (1 << model.getComponentSize(last)) - 1;
    if (model.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      return onBlack(white - row[pixel + c], white, most - row[pixel + last], most);
    }
    boolean laid = !model.hasAlpha() || model.isAlphaPremultiplied();
    return onBlack(row[pixel + c], white, laid ? most : row[pixel + last], most);
  }

  /** A sample with that opacity on black, rounded to 8 bits. */
  private static byte onBlack(int sample, int white, int opaque, int most) {
    long scale = (long) white * most;
    return (byte) ((2L * WHITE * sample * opaque + scale) / (2 * scale));
  }
}
