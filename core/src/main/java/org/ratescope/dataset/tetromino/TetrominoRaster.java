package org.ratescope.dataset.tetromino;

import java.util.List;

/**
 * Computes one picture: the integer grey values of a piece, sampled like OpenCV 4.6's {@code
 * warpAffine} (bilinear, fixed point with 10 fractional bits) and reduced 16×16 to 1.
 *
 * <p>A block of ones is separable: its bilinear value at a source position (U, V), in 1/32 of a
 * template pixel, is {@code ramp(U) * ramp(V)} with {@code ramp} rising from 0 to 32 over one
 * template pixel at either end. Blocks are disjoint, so the value of the piece is the sum over its
 * blocks. The computation is integer arithmetic without tables or branches, which the JIT compiles
 * to vector instructions. It visits only grid points that a block can affect.
 */
final class TetrominoRaster {
  /** The grey value that stands for 1 at full resolution: 16×16 grid points of 32×32. */
  static final int WHITE = 262_144;

  private static final int SIZE = TemplatePlacement.GRID * TemplatePlacement.PIXELS;

  private final int[] columnByX = new int[SIZE];
  private final int[] rowByX = new int[SIZE];
  private final int[] columnSums = new int[SIZE];
  private final int[] grey = new int[TemplatePlacement.PIXELS * TemplatePlacement.PIXELS];

  /** The picture's grey values, 0 to {@link #WHITE}, row by row. */
  static int[] grey(Template template, TemplatePlacement placement) {
    TetrominoRaster raster = new TetrominoRaster();
    SourceMap map = SourceMap.of(placement);
    TemplatePlacement.Box box = placement.box(template.blocks());
    int from = clamp(box.left() - 1);
    int to = clamp(box.right() + 2);
    for (int x = from; x < to; x++) {
      raster.columnByX[x] = map.columnByX(x);
      raster.rowByX[x] = map.rowByX(x);
    }
    for (Template.Block block : template.blocks()) {
      raster.add(block, map, placement.box(List.of(block)));
    }
    return raster.grey;
  }

  private static int clamp(double position) {
    return (int) Math.clamp(position, 0.0, SIZE);
  }

  private void add(Template.Block block, SourceMap map, TemplatePlacement.Box box) {
    int from = clamp(box.left() - 1);
    int to = clamp(box.right() + 2);
    int last = clamp(box.bottom() + 2);
    for (int y = clamp(box.top() - 1); y < last; y++) {
      accumulate(block, map.columnByY(y), map.rowByY(y), from, to);
      if (y % TemplatePlacement.GRID == TemplatePlacement.GRID - 1 || y == last - 1) {
        reduce(y / TemplatePlacement.GRID, from / TemplatePlacement.GRID, to);
      }
    }
  }

  private void accumulate(Template.Block block, int column, int row, int from, int to) {
    int left = (block.left() - 1) * 32;
    int right = block.right() * 32;
    int top = (block.top() - 1) * 32;
    int bottom = block.bottom() * 32;
    for (int x = from; x < to; x++) {
      int u = (column + columnByX[x]) >> 5;
      int v = (row + rowByX[x]) >> 5;
      int across = Math.max(0, Math.min(32, Math.min(u - left, right - u)));
      int down = Math.max(0, Math.min(32, Math.min(v - top, bottom - v)));
      columnSums[x] += across * down;
    }
  }

  /** Moves the sums of up to 16 grid rows into a row of pixels. */
  private void reduce(int pixelRow, int pixelFrom, int to) {
    for (int i = pixelFrom; i * TemplatePlacement.GRID < to; i++) {
      int sum = 0;
      for (int x = i * TemplatePlacement.GRID; x < (i + 1) * TemplatePlacement.GRID; x++) {
        sum += columnSums[x];
        columnSums[x] = 0;
      }
      grey[pixelRow * TemplatePlacement.PIXELS + i] += sum;
    }
  }
}
