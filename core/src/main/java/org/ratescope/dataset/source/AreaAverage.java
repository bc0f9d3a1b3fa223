package org.ratescope.dataset.source;

import java.util.function.IntToDoubleFunction;

/**
 * Scales a plane by exact area averaging (a box filter): each new pixel is the mean of the part of
 * the old plane that it covers. Both ways, larger and smaller, and each axis by itself. Weights are
 * whole numbers, so the sums of whole numbers below 2^53 are exact: nothing depends on the machine.
 */
final class AreaAverage {
  private final Region region;
  private final int height;
  private final int width;

  private AreaAverage(Region region, int height, int width) {
    this.region = region;
    this.height = height;
    this.width = width;
  }

  /**
   * A part of a plane.
   *
   * @param stride columns of the whole plane
   * @param top first row
   * @param left first column
   * @param rows how many rows
   * @param columns how many columns
   */
  record Region(int stride, int top, int left, int rows, int columns) {}

  /** Of that part to so many rows and columns. */
  static AreaAverage of(Region region, int height, int width) {
    return new AreaAverage(region, height, width);
  }

  /** By what {@link #sums} must be divided: the weights' sum. */
  long weight() {
    return (long) region.rows() * region.columns();
  }

  /**
   * For each new pixel the weighted sum of the old ones, row by row.
   *
   * @param plane the old pixels, row by row; asked again for each new pixel that covers one
   */
  double[] sums(IntToDoubleFunction plane) {
    double[] rows = new double[region.rows() * width];
    for (int y = 0; y < region.rows(); y++) {
      int first = (region.top() + y) * region.stride() + region.left();
      scale(plane, first, 1, region.columns(), rows, y * width, 1, width);
    }
    double[] sums = new double[height * width];
    for (int x = 0; x < width; x++) {
      scale(i -> rows[i], x, width, region.rows(), sums, x, width, height);
    }
    return sums;
  }

  /**
   * One line: the new value i covers the old ones from {@code i * from / to} to {@code (i + 1) *
   * from / to}; overlaps are counted in units of 1 / to.
   */
  private static void scale(
      IntToDoubleFunction in,
      int inFirst,
      int inStep,
      int from,
      double[] out,
      int outFirst,
      int outStep,
      int to) {
    for (int i = 0; i < to; i++) {
      long low = (long) i * from;
      long high = low + from;
      double sum = 0;
      for (long j = low / to; j * to < high; j++) {
        long overlap = Math.min(high, (j + 1) * to) - Math.max(low, j * to);
        sum += overlap * in.applyAsDouble(inFirst + (int) j * inStep);
      }
      out[outFirst + i * outStep] = sum;
    }
  }
}
