package org.ratescope.dataset.tetromino;

import java.util.List;
import org.ratescope.spec.data.DataSpec.Shape;

/**
 * A piece as a raster of 0 and 1 with 100×100 cells for the unit square, given as disjoint blocks
 * of ones.
 *
 * @param number the shape's number in labels
 * @param width columns of the raster
 * @param height rows of the raster
 * @param blocks disjoint rectangles of ones
 */
record Template(int number, int width, int height, List<Block> blocks) {

  /** Ones in the columns {@code left..right} and rows {@code top..bottom}, ends excluded. */
  record Block(int left, int right, int top, int bottom) {}

  static Template of(Shape shape) {
    return switch (shape) {
      case J -> new Template(0, 200, 300, blocks(100, 200, 0, 200, 0, 200, 200, 300));
      case L -> new Template(1, 200, 300, blocks(0, 100, 0, 200, 0, 200, 200, 300));
      case I -> new Template(2, 100, 400, blocks(0, 100, 0, 400));
      case T -> new Template(3, 300, 200, blocks(100, 200, 0, 100, 0, 300, 100, 200));
      case Z -> new Template(4, 300, 200, blocks(0, 200, 0, 100, 100, 300, 100, 200));
      case S -> new Template(5, 300, 200, blocks(100, 300, 0, 100, 0, 200, 100, 200));
      case O -> new Template(6, 200, 200, blocks(0, 200, 0, 200));
    };
  }

  private static List<Block> blocks(int left, int right, int top, int bottom) {
    return List.of(new Block(left, right, top, bottom));
  }

  private static List<Block> blocks(int l, int r, int t, int b, int l2, int r2, int t2, int b2) {
    return List.of(new Block(l, r, t, b), new Block(l2, r2, t2, b2));
  }
}
