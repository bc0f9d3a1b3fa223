package org.ratescope.dataset.tetromino;

import java.util.Collection;
import java.util.List;

/**
 * The position of a template on the 512×512 sampling grid: the template's pixel (c, r) is at {@code
 * X = a*c + b*r + m2}, {@code Y = -b*c + a*r + m5}. A positive angle turns the piece
 * counter-clockwise on screen.
 */
record TemplatePlacement(double a, double b, double m2, double m5) {
  /** Grid points for each pixel of a picture, in each direction. */
  static final int GRID = 16;

  /** Rows and columns of the picture at full resolution. */
  static final int PIXELS = 32;

  /**
   * The placement of a piece by its factors: angle in degrees, scale in pixels per unit square, and
   * the pixel position of the template's centre.
   */
  static TemplatePlacement of(Template template, double angle, double scale, double x, double y) {
    double k = scale / 100 * GRID;
    double t = angle * Math.PI / 180;
    double a = k * StrictMath.cos(t);
    double b = k * StrictMath.sin(t);
    double w = template.width();
    double h = template.height();
    double m2 = (a * (-w / 2) + b * (-h / 2)) + GRID * (x + 0.5);
    double m5 = (-b * (-w / 2) + a * (-h / 2)) + GRID * (y + 0.5);
    return new TemplatePlacement(a, b, m2, m5);
  }

  double gridX(double c, double r) {
    return a * c + b * r + m2;
  }

  double gridY(double c, double r) {
    return -b * c + a * r + m5;
  }

  /**
   * The box on the grid outside of which these blocks of the template have no effect. Bilinear
   * sampling extends the ones of a block to the next template pixel, so its columns {@code
   * left..right-1} reach to {@code left-1} and {@code right}.
   */
  Box box(Collection<Template.Block> blocks) {
    Box box = Box.EMPTY;
    for (Template.Block block : blocks) {
      for (int c : List.of(block.left() - 1, block.right())) {
        for (int r : List.of(block.top() - 1, block.bottom())) {
          box = box.with(gridX(c, r), gridY(c, r));
        }
      }
    }
    return box;
  }

  /** A rectangle of grid positions, ends included. */
  record Box(double left, double right, double top, double bottom) {
    static final Box EMPTY =
        new Box(
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY);

    Box with(double x, double y) {
      return new Box(Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y));
    }
  }
}
