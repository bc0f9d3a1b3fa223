package org.ratescope.dataset.format;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes float images as PNG files with 8 bits for each channel. */
public final class PngWriter {
  private PngWriter() {}

  /**
   * A PNG file of one image.
   *
   * @param chw planes of rows, values in [0, 1]; values outside are clamped
   * @param channels 1 (grey) or 3 (red, green, blue)
   * @throws IllegalArgumentException if the sizes disagree, the number of channels is not allowed,
   *     or a value is NaN
   */
  public static byte[] encode(float[] chw, int channels, int height, int width) {
    return encode(image(chw, channels, height, width));
  }

  /** {@link #encode} as a {@code data:} URI, for records and HTML pages. */
  public static String dataUri(float[] chw, int channels, int height, int width) {
    return dataUri(image(chw, channels, height, width));
  }

  /** {@link #encode(BufferedImage)} as a {@code data:} URI. */
  public static String dataUri(BufferedImage image) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(encode(image));
  }

  public static byte[] encode(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java runtime cannot write PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  public static BufferedImage image(float[] chw, int channels, int height, int width) {
    if (!(channels == 1 || channels == 3)) {
      throw new IllegalArgumentException("channels must be 1 or 3; got " + channels);
    }
    if (chw.length != channels * height * width) {
      throw new IllegalArgumentException(
          "image must hold %d*%d*%d values; got %d".formatted(channels, height, width, chw.length));
    }
    int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(width, height, type);
    int plane = height * width;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < plane; i++) {
        image.getRaster().setSample(i % width, i / width, c, eightBits(chw[c * plane + i]));
      }
    }
    return image;
  }

  private static int eightBits(float value) {
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("a pixel's value must be a number; got NaN");
    }
    return Math.round(Math.clamp(value, 0f, 1f) * 255);
  }
}
