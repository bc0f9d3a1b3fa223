package org.ratescope.dataset;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.ratescope.dataset.format.PngWriter;
import org.ratescope.spec.data.DataSpec;

/**
 * A grid of images of one size on a light background, enlarged without smoothing, as in Figure 1.
 */
public final class ImageGrid {
  private static final Color GROUND = new Color(0xF4F4F2);
  private static final int GAP = 4;

  /** Visible beside black and white. */
  private static final Color LINE = new Color(0x9A9A9A);

  private final DataSpec spec;
  private final int columns;
  private final List<float[]> images;

  private ImageGrid(DataSpec spec, int columns, List<float[]> images) {
    if (!(columns >= 1 && !images.isEmpty())) {
      throw new IllegalArgumentException(
          "an image grid must have at least 1 column and 1 image; got %d and %d"
              .formatted(columns, images.size()));
    }
    this.spec = spec;
    this.columns = columns;
    this.images = images;
  }

  /** A grid of these images, filled row by row. */
  public static ImageGrid of(DataSpec spec, int columns, List<float[]> images) {
    return new ImageGrid(spec, columns, List.copyOf(images));
  }

  /** A grid of images drawn at random, with repetition. The same seed draws the same rows. */
  public static ImageGrid random(RenderedSource source, int rows, int columns, long seed) {
    return new ImageGrid(
        source.spec(), columns, drawn(source, rows * columns, new SplittableRandom(seed)));
  }

  /** The same for cached images. */
  public static ImageGrid random(ImageSet images, int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> drawn = new ArrayList<>();
    for (int i = 0; i < rows * columns; i++) {
      drawn.add(images.image(random.nextInt(images.size())));
    }
    return new ImageGrid(images.spec(), columns, drawn);
  }

  /** Images of rows drawn at random, with repetition. */
  public static List<float[]> drawn(RenderedSource source, int count, SplittableRandom random) {
    List<float[]> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] image = new float[source.spec().dimensions()];
      source.render(random.nextInt(source.size()), image);
      images.add(image);
    }
    return images;
  }

  /**
   * The grid as a PNG file.
   *
   * @param factor grid pixels for each image pixel in each direction, at least 1
   */
  public byte[] png(int factor) {
    if (!(factor >= 1)) {
      throw new IllegalArgumentException("factor must be at least 1; got " + factor);
    }
    return PngWriter.encode(drawn(factor));
  }

  /** Writes {@link #png} to a file, whose folder must exist. */
  public void write(Path file, int factor) throws IOException {
    Files.write(file, png(factor));
  }

  /**
   * The grid as a {@code data:} address, one pixel for each of an image, with lines of one pixel
   * between the images: small, for records.
   */
  public String dataUri() {
    int type = spec.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    return PngWriter.dataUri(drawn(1, 1, 0, LINE, type));
  }

  private BufferedImage drawn(int factor) {
    return drawn(factor, GAP, GAP, GROUND, BufferedImage.TYPE_INT_RGB);
  }

  private BufferedImage drawn(int factor, int gap, int border, Color ground, int type) {
    int cellWidth = spec.width() * factor + gap;
    int cellHeight = spec.height() * factor + gap;
    int rows = Math.ceilDiv(images.size(), columns);
    BufferedImage sheet =
        new BufferedImage(
            columns * cellWidth - gap + 2 * border, rows * cellHeight - gap + 2 * border, type);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(ground);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int i = 0; i < images.size(); i++) {
      graphics.drawImage(
          PngWriter.image(images.get(i), spec.channels(), spec.height(), spec.width()),
          border + i % columns * cellWidth,
          border + i / columns * cellHeight,
          spec.width() * factor,
          spec.height() * factor,
          null);
    }
    graphics.dispose();
    return sheet;
  }
}
