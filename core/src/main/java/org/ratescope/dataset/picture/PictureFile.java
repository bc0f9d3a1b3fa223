package org.ratescope.dataset.picture;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.io.RegularFile;

/**
 * A picture in a file: PNG, JPEG, GIF, BMP, TIFF or WebP. Samples are used as stored, without
 * converting colour profiles. 16 bits are rounded to 8, transparent parts are put on black, ink
 * (CMYK) on white paper, and the picture is turned according to its Exif orientation. The sizes are
 * checked before decoding, and every warning of the decoder is an error.
 */
public final class PictureFile {
  /** Maximum number of rows, and of columns, of a picture. */
  public static final int MAX_SIDE = 1 << 14;

  /** Maximum number of pixels of a picture, 32 Mi: a decoded one may need 8 bytes for each. */
  public static final int MAX_PIXELS = 1 << 25;

  /** Maximum number of bytes of a file: as many as the samples of the largest picture. */
  private static final long MAX_BYTES = 8L * MAX_PIXELS;

  /** White is zero, black is zero, RGB, palette, ink. */
  private static final Set<Integer> PHOTOMETRICS = Set.of(0, 1, 2, 3, 5);

  private final byte[] bytes;
  private final String where;
  private final PictureForm form;
  private final ImageReader reader;
  private final List<String> warnings = new ArrayList<>();

  private PictureFile(byte[] bytes, String where, PictureForm form) throws FormatException {
    this.bytes = bytes;
    this.where = where;
    this.form = form;
    this.reader = form.reader(where);
  }

  /**
   * Height and width for display, from the header.
   *
   * @throws FormatException if the file is not a picture, or is too large
   */
  public static int[] size(Path file) throws IOException {
    return read(file, PictureFile::shownSize);
  }

  /**
   * Decodes the picture.
   *
   * @throws FormatException if the file is not a picture, is damaged or too large, or has channels
   *     other than grey, colour and transparency
   */
  public static Pixels decode(Path file) throws IOException {
    return read(file, PictureFile::pixels);
  }

  private interface Reading<T> {
    T of(PictureFile picture) throws IOException;
  }

  private static <T> T read(Path file, Reading<T> reading) throws IOException {
    String where = file.toString();
    RegularFile.require(file);
    long size = Files.size(file);
    FormatException.require(
        size <= MAX_BYTES,
        where,
        "a picture of %d bytes; at most %d are read".formatted(size, MAX_BYTES));
    byte[] bytes = Files.readAllBytes(file);
    PictureForm form = form(bytes, where);
    if (form == PictureForm.WEBP) {
      bytes = RiffChunks.withoutProfile(bytes);
    }
    PictureFile picture = new PictureFile(bytes, where, form);
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      picture.reader.setInput(in, false, true);
      return reading.of(picture);
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new FormatException(where, "damaged picture: " + reason(e), e);
    } finally {
      picture.reader.dispose();
    }
  }

  private static PictureForm form(byte[] bytes, String where) throws FormatException {
    return PictureForm.of(bytes)
        .orElseThrow(
            () ->
                new FormatException(
                    where,
                    "unknown bytes at offset 0; expected a picture (%s)"
                        .formatted(PictureForm.all())));
  }

  /** The decoder's message, without parts that are meaningless to users. */
  private static String reason(Exception e) {
    Throwable deepest = e;
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      deepest = cause; // getCause never gives the exception itself
    }
    if (deepest instanceof EOFException) {
      return "it is truncated";
    }
    return deepest instanceof IOException && deepest.getMessage() != null
        ? deepest.getMessage().replaceAll("\\s+", " ").strip()
        : "its content is not what its header says";
  }

  private int[] shownSize() throws IOException {
    int[] stored = storedSize();
    return orientation().swapsSides() ? new int[] {stored[1], stored[0]} : stored;
  }

  private int[] storedSize() throws IOException {
    int height = reader.getHeight(0);
    int width = reader.getWidth(0);
    requireSize(height, width);
    return new int[] {height, width};
  }

  private void requireSize(int height, int width) throws FormatException {
    FormatException.require(
        height >= 1
            && width >= 1
            && height <= MAX_SIDE
            && width <= MAX_SIDE
            && (long) height * width <= MAX_PIXELS,
        where,
        "%d×%d pixels; expected at most %d a side and %d in all"
            .formatted(height, width, MAX_SIDE, MAX_PIXELS));
  }

  private Orientation orientation() throws FormatException {
    return switch (form) {
      case JPEG -> JpegMarkers.of(bytes, where).orientation();
      case PNG -> PngChunks.check(bytes, where);
      case TIFF -> Orientation.of(bytes);
      case WEBP -> RiffChunks.orientation(bytes, where);
      case GIF, BMP -> Orientation.NONE;
    };
  }

  private Pixels pixels() throws IOException {
    Orientation orientation = orientation();
    storedSize();
    requireOne();
    requireUsualParts();
    if (form != PictureForm.JPEG) {
      requireKnownSamples();
    }
    reader.addIIOReadWarningListener(
        (source, warning) -> warnings.add(warning)); // not the header's
    Pixels stored = form == PictureForm.JPEG ? jpeg() : RasterSamples.of(reader.read(0), where);
    if (!warnings.isEmpty()) {
      throw new IOException(warnings.getFirst());
    }
    return orientation.applied(stored);
  }

  private Pixels jpeg() throws IOException {
    var raster = reader.readRaster(0, null); // the stored channels
    return JpegSamples.of(raster, JpegMarkers.of(bytes, where).colours(raster.getNumBands()));
  }

  private void requireOne() throws IOException {
    boolean several =
        switch (form) {
          case GIF, WEBP -> reader.getNumImages(true) > 1;
          case TIFF -> TiffTags.of(bytes).next();
          case PNG, JPEG, BMP -> false;
        };
    FormatException.require(
        !several, where, "several pictures (an animation or pages); expected one");
  }

  /** A GIF frame may be smaller than its canvas, a TIFF tile larger than its picture. */
  private void requireUsualParts() throws IOException {
    if (form == PictureForm.GIF) {
      ByteBuffer canvas = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      FormatException.require(
          canvas.getShort(6) == reader.getWidth(0) && canvas.getShort(8) == reader.getHeight(0),
          where,
          "a GIF picture that does not fill its canvas; expected the whole");
    }
    if (form == PictureForm.TIFF && reader.isImageTiled(0)) {
      requireSize(reader.getTileHeight(0), reader.getTileWidth(0));
    }
  }

  private void requireKnownSamples() throws IOException {
    if (form == PictureForm.TIFF) {
      TiffTags tags = TiffTags.of(bytes);
      int photometric = tags.value(TiffTags.PHOTOMETRIC).orElse(-1);
      FormatException.require(
          PHOTOMETRICS.contains(photometric),
          where,
          "a TIFF picture of the photometric interpretation %d; expected grey, palette, RGB or CMYK"
              .formatted(photometric));
      FormatException.require(
          tags.value(TiffTags.SAMPLE_FORMAT).orElse(1) == 1,
          where,
          "a TIFF picture of signed or floating samples; expected unsigned whole numbers");
    }
    ImageTypeSpecifier type = reader.getRawImageType(0);
    if (type != null) {
      RasterSamples.check(
          type.getColorModel(), type.getNumBands(), type.getSampleModel().getTransferType(), where);
    }
  }
}
