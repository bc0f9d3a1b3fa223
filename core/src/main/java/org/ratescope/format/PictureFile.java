package org.ratescope.format;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.ratescope.file.RegularFile;

/**
 * A PNG or JPEG picture. Samples are taken as they stand in the file, without a conversion of
 * colour spaces; 16 bits are rounded to 8, and transparent parts are laid on black. The sizes are
 * checked before anything is decoded.
 */
public final class PictureFile {
  /** Most rows, and most columns, of a picture. */
  public static final int MAX_SIDE = 1 << 14;

  /** Most pixels of a picture, 32 Mi: a decoded one may take 8 bytes each. */
  public static final int MAX_PIXELS = 1 << 25;

  private PictureFile() {}

  /**
   * Height and width, from the header.
   *
   * @throws FormatException if it is no picture, or too large
   */
  public static int[] size(Path file) throws IOException {
    return read(file, PictureFile::size);
  }

  /**
   * Decodes the picture.
   *
   * @throws FormatException if it is no picture, damaged, too large, or of other than grey, colour
   *     and transparency
   */
  public static Pixels decode(Path file) throws IOException {
    return read(
        file,
        (reader, where) -> {
          size(reader, where);
          return pixels(reader.read(0), where);
        });
  }

  private interface Reading<T> {
    T of(ImageReader reader, String where) throws IOException;
  }

  private static <T> T read(Path file, Reading<T> reading) throws IOException {
    String where = file.toString();
    RegularFile.require(file);
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      FormatException.require(
          readers.hasNext(), where, "no PNG or JPEG picture: unknown bytes at offset 0");
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return reading.of(reader, where);
      } finally {
        reader.dispose();
      }
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new FormatException(where, "damaged picture: " + e.getMessage(), e);
    }
  }

  private static int[] size(ImageReader reader, String where) throws IOException {
    String format = reader.getFormatName();
    FormatException.require(
        format.equalsIgnoreCase("png") || format.equalsIgnoreCase("jpeg"),
        where,
        "a picture of the form %s, allowed: PNG, JPEG".formatted(format));
    int height = reader.getHeight(0);
    int width = reader.getWidth(0);
    FormatException.require(
        height >= 1
            && width >= 1
            && height <= MAX_SIDE
            && width <= MAX_SIDE
            && (long) height * width <= MAX_PIXELS,
        where,
        "%d×%d pixels, allowed: at most %d a side and %d in all"
            .formatted(height, width, MAX_SIDE, MAX_PIXELS));
    return new int[] {height, width};
  }

  private static Pixels pixels(BufferedImage image, String where) throws FormatException {
    return image.getColorModel() instanceof IndexColorModel palette
        ? indexed(image.getRaster(), palette)
        : direct(image, where);
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
          samples[at++] = onBlack(argb >> (16 - 8 * c) & 0xFF, 255, argb >>> 24);
        }
      }
    }
    return new Pixels(samples, channels, raster.getHeight(), raster.getWidth());
  }

  private static Pixels direct(BufferedImage image, String where) throws FormatException {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    FormatException.require(
        bands <= 4,
        where,
        "%d channels, allowed: grey or colour, with transparency".formatted(bands));
    boolean alpha = bands % 2 == 0;
    int channels = bands <= 2 ? 1 : 3;
    int white = (1 << image.getSampleModel().getSampleSize(0)) - 1;
    byte[] samples = new byte[raster.getHeight() * raster.getWidth() * channels];
    int[] row = new int[raster.getWidth() * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < raster.getWidth(); x++) {
        int opaque = alpha ? row[x * bands + bands - 1] : white;
        for (int c = 0; c < channels; c++) {
          samples[at++] = onBlack(row[x * bands + c], white, opaque);
        }
      }
    }
    return new Pixels(samples, channels, raster.getHeight(), raster.getWidth());
  }

  /**
   * A sample of so much opacity on black, rounded to 8 bits; both are 255 or {@code white} at most.
   */
  private static byte onBlack(int sample, int white, int opaque) {
    long scale = (long) white * white;
    return (byte) ((2L * 255 * sample * opaque + scale) / (2 * scale));
  }
}
