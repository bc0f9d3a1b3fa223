package org.ratescope.data;

import java.util.List;

/**
 * One picture in the making: the integer grey values of a piece, sampled as OpenCV 4.6's {@code
 * warpAffine} does (bilinear, fixed point with 10 fractional bits) and reduced 16×16 to 1.
 *
 * <p>A block of ones is separable: its bilinear value at a source position (U, V), in 1/32 of a
 * template pixel, is {@code ramp(U) * ramp(V)} with {@code ramp} rising from 0 to 32 over one
 * template pixel at either end. Blocks are disjoint, so the piece's value is the sum over its
 * blocks. All of it is integer arithmetic without tables or branches, which the JIT turns into
 * vector instructions. Only grid points that a block can reach are visited.
 */
final class TetrominoRaster {
  /** The grey value that stands for 1 at full resolution: 16×16 grid points of 32×32. */
  static final int WHITE = 262_144;

  private static final int SIZE = Placement.GRID * Placement.PIXELS;

  private final int[] sourceColumnByX = new int[SIZE];
  private final int[] sourceRowByX = new int[SIZE];
  private final int[] columnSums = new int[SIZE];
  private final int[] grey = new int[Placement.PIXELS * Placement.PIXELS];

  /** The picture's grey values, 0 to {@link #WHITE}, row by row. */
  static int[] grey(Template template, Placement placement) {
    TetrominoRaster raster = new TetrominoRaster();
    Inverse inverse = Inverse.of(placement);
    Placement.Box box = placement.box(template.blocks());
    int from = clamp(box.left() - 1);
    int to = clamp(box.right() + 2);
    for (int x = from; x < to; x++) {
      raster.sourceColumnByX[x] = (int) Math.rint(inverse.i0 * x * 1024);
      raster.sourceRowByX[x] = (int) Math.rint(inverse.i3 * x * 1024);
    }
    for (Template.Block block : template.blocks()) {
      raster.add(block, inverse, placement.box(List.of(block)));
    }
    return raster.grey;
  }

  private static int clamp(double position) {
    return (int) Math.clamp(position, 0.0, SIZE);
  }

  private void add(Template.Block block, Inverse inverse, Placement.Box box) {
    int from = clamp(box.left() - 1);
    int to = clamp(box.right() + 2);
    int last = clamp(box.bottom() + 2);
    for (int y = clamp(box.top() - 1); y < last; y++) {
      addRow(block, inverse, y, from, to);
      if (y % Placement.GRID == Placement.GRID - 1 || y == last - 1) {
        reduce(y / Placement.GRID, from / Placement.GRID, to);
      }
    }
  }

  private void addRow(Template.Block block, Inverse inverse, int y, int from, int to) {
    double column = inverse.i1 * y + inverse.i2;
    double row = inverse.i4 * y + inverse.i5;
    int sourceColumn = (int) Math.rint(column * 1024) + 16;
    int sourceRow = (int) Math.rint(row * 1024) + 16;
    accumulate(block, sourceColumn, sourceRow, from, to);
  }

  private void accumulate(Template.Block block, int column, int row, int from, int to) {
    int left = (block.left() - 1) * 32;
    int right = block.right() * 32;
    int top = (block.top() - 1) * 32;
    int bottom = block.bottom() * 32;
    for (int x = from; x < to; x++) {
      int u = (column + sourceColumnByX[x]) >> 5;
      int v = (row + sourceRowByX[x]) >> 5;
      int across = Math.max(0, Math.min(32, Math.min(u - left, right - u)));
      int down = Math.max(0, Math.min(32, Math.min(v - top, bottom - v)));
      columnSums[x] += across * down;
    }
  }

  /** Moves the sums of up to 16 grid rows into a row of pixels. */
  private void reduce(int pixelRow, int pixelFrom, int to) {
    for (int i = pixelFrom; i * Placement.GRID < to; i++) {
      int sum = 0;
      for (int x = i * Placement.GRID; x < (i + 1) * Placement.GRID; x++) {
        sum += columnSums[x];
        columnSums[x] = 0;
      }
      grey[pixelRow * Placement.PIXELS + i] += sum;
    }
  }

  /** The map from the grid back to the template, with OpenCV's order of operations. */
  private record Inverse(double i0, double i1, double i2, double i3, double i4, double i5) {
    static Inverse of(Placement m) {
      double m0 = m.a();
      double m1 = m.b();
      double m3 = -m.b();
      double m4 = m.a();
      double d = 1 / (m0 * m4 - m1 * m3);
      double i0 = m4 * d;
      double i1 = m1 * -d;
      double i3 = m3 * -d;
      double i4 = m0 * d;
      double i2 = (-i0 * m.m2()) - i1 * m.m5();
      double i5 = (-i3 * m.m2()) - i4 * m.m5();
      return new Inverse(i0, i1, i2, i3, i4, i5);
    }
  }
}
