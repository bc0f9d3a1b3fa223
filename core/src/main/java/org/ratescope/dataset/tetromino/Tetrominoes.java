package org.ratescope.dataset.tetromino;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.ratescope.dataset.ImageGrid;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.RenderedSource;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.data.DataSpec.Preset;
import org.ratescope.spec.data.DataSpec.Shape;

/**
 * The Tetrominoes data set of section 4.1: 163,840 pictures of one coloured piece. Labels, splits
 * and pictures of {@link Preset#PUBLISHED} equal those of the authors' generator
 * (neu-pml/tetrominoes, commit f72a5c7) bit for bit.
 *
 * <p>{@link Preset#PAPER_TEXT} follows the paper's words where they differ: the angle goes up to
 * 360 degrees, and the position comes from an adaptive range. The paper does not define that range;
 * here it is all positions, for the row's angle and scale, at which no part of the piece falls
 * outside the picture. The stratified draw of a position, in [0, 1), is mapped onto it linearly,
 * and the checkerboard and constant-density splits divide that draw in place of the position. All
 * splits thus select the same rows under both presets.
 *
 * <p>Resolutions 16, 8 and 4 average the grey values of 2×2, 4×4 and 8×8 pixels exactly, in
 * integers, before the hue is applied.
 */
public final class Tetrominoes implements RenderedSource {
  /**
   * A unit of a factor, an equal share of each factor's range. With it (and with any share from 1/8
   * to 1/64) the factors have the order of appendix B.1, which does not say what a unit is.
   */
  static final double UNIT = 1.0 / 16;

  private static final int VERSION = 1;
  private static final List<String> FACTOR_NAMES =
      List.of("angle", "color", "scale", "x", "y", "shape");

  private final DataSpec.Tetrominoes spec;
  private final Template template;
  private final TetrominoPool pool;
  private final TetrominoSplits splits;

  private Tetrominoes(DataSpec.Tetrominoes spec) {
    this.spec = spec;
    this.template = Template.of(spec.shape());
    this.pool = new TetrominoPool(spec.preset());
    this.splits = new TetrominoSplits(pool);
  }

  /** The data set; draws all factors (about 20 milliseconds), but no pictures. */
  public static Tetrominoes of(DataSpec.Tetrominoes spec) {
    return new Tetrominoes(spec);
  }

  @Override
  public DataSpec.Tetrominoes spec() {
    return spec;
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public int size() {
    return TetrominoPool.SIZE;
  }

  /** {@code angle, color, scale, x, y, shape}. */
  @Override
  public List<String> factorNames() {
    return FACTOR_NAMES;
  }

  /**
   * The label of a row: angle in degrees, hue as a fraction of a turn, scale in pixels per unit
   * square, the centre's column x and row y in pixels, and the shape's number.
   */
  @Override
  public double[] factors(int row) {
    Objects.checkIndex(row, size());
    double[] coordinates = new double[TetrominoPool.FACTORS];
    Arrays.setAll(coordinates, factor -> pool.coordinate(row, factor));
    return factors(coordinates);
  }

  /**
   * The label of a row with one of the five factors moved by {@link #UNIT} of its range: up, or
   * down where it would leave the range (Figures A3 and A4).
   *
   * @param factor index in {@link #factorNames}, from 0 to 4
   */
  double[] moved(int row, int factor) {
    Objects.checkIndex(row, size());
    double[] coordinates = new double[TetrominoPool.FACTORS];
    Arrays.setAll(coordinates, f -> pool.coordinate(row, f));
    FactorAxis axis = pool.axis(factor);
    double width = (axis.high() - axis.low()) * UNIT;
    double up = coordinates[factor] + width;
    coordinates[factor] = up < axis.high() ? up : coordinates[factor] - width;
    return factors(coordinates);
  }

  private double[] factors(double[] coordinates) {
    double angle = coordinates[TetrominoPool.ANGLE];
    double color = coordinates[TetrominoPool.COLOR];
    double scale = coordinates[TetrominoPool.SCALE];
    double x = coordinates[TetrominoPool.X];
    double y = coordinates[TetrominoPool.Y];
    return switch (spec.preset()) {
      case PUBLISHED -> new double[] {angle, color, scale, x, y, template.number()};
      case PAPER_TEXT -> {
        TemplatePlacement.Box box =
            TemplatePlacement.of(template, angle, scale, 0, 0).box(template.blocks());
        double column = inside(box.left(), box.right(), x);
        double line = inside(box.top(), box.bottom(), y);
        yield new double[] {angle, color, scale, column, line, template.number()};
      }
    };
  }

  /**
   * The position at a fraction of the adaptive range. A piece at position 0 covers the grid from
   * {@code low} to {@code high}; the picture covers it from -0.5 to 511.5.
   */
  private static double inside(double low, double high, double fraction) {
    double first = (-0.5 - low) / TemplatePlacement.GRID;
    double last =
        (TemplatePlacement.GRID * TemplatePlacement.PIXELS - 0.5 - high) / TemplatePlacement.GRID;
    return first + fraction * (last - first);
  }

  @Override
  public Partition partition(Split split) {
    return splits.partition(split);
  }

  @Override
  public void render(int row, float[] chw) {
    render(factors(row), chw);
  }

  /** The picture of a label. */
  void render(double[] f, float[] chw) {
    render(f[0], f[1], f[2], f[3], f[4], chw);
  }

  /** The picture of a piece with any factors; the parameters are those of {@link #factors}. */
  void render(double angle, double color, double scale, double x, double y, float[] chw) {
    if (chw.length != spec.dimensions()) {
      throw new IllegalArgumentException(
          "image must hold %d values; got %d".formatted(spec.dimensions(), chw.length));
    }
    int[] grey = TetrominoRaster.grey(template, TemplatePlacement.of(template, angle, scale, x, y));
    paint(reduced(grey), HueColor.of(color), chw);
  }

  /** Sums of the full resolution's grey values over the pixels of this resolution. */
  private int[] reduced(int[] grey) {
    int factor = TemplatePlacement.PIXELS / spec.resolution();
    if (factor == 1) {
      return grey;
    }
    int[] sums = new int[spec.resolution() * spec.resolution()];
    for (int i = 0; i < grey.length; i++) {
      int row = i / TemplatePlacement.PIXELS / factor;
      int column = i % TemplatePlacement.PIXELS / factor;
      sums[row * spec.resolution() + column] += grey[i];
    }
    return sums;
  }

  private void paint(int[] grey, HueColor color, float[] chw) {
    Arrays.fill(chw, 0);
    int factor = TemplatePlacement.PIXELS / spec.resolution();
    float white = (float) TetrominoRaster.WHITE * factor * factor; // a power of two: exact
    for (int i = 0; i < grey.length; i++) {
      color.paint(grey[i] / white, i, grey.length, chw);
    }
  }

  /**
   * A grid with a row of random images for each of the seven pieces; ignores the shape in the spec.
   */
  public static ImageGrid pieces(DataSpec.Tetrominoes spec, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> images = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      var piece = new DataSpec.Tetrominoes(spec.preset(), shape, spec.resolution());
      images.addAll(ImageGrid.drawn(Tetrominoes.of(piece), columns, random));
    }
    return ImageGrid.of(spec, columns, images);
  }
}
