package org.ratescope.dataset.tetromino;

/**
 * A second renderer, simple and slow: for every grid point it reads four neighbours in a raster of
 * ones and zeros, with weights as in section 5.4 of the specification. Its grid may extend beyond
 * the picture.
 */
final class SlowRenderer {
  private final Template template;
  private final SourceMap map;

  SlowRenderer(Template template, TemplatePlacement placement) {
    this.template = template;
    this.map = SourceMap.of(placement);
  }

  /** 1024 times the sampled value at a grid point. */
  int sample(int x, int y) {
    int u = (map.columnByY(y) + map.columnByX(x)) >> 5;
    int v = (map.rowByY(y) + map.rowByX(x)) >> 5;
    int ix = u >> 5;
    int fx = u & 31;
    int iy = v >> 5;
    int fy = v & 31;
    return (32 - fy) * (32 - fx) * one(ix, iy)
        + (32 - fy) * fx * one(ix + 1, iy)
        + fy * (32 - fx) * one(ix, iy + 1)
        + fy * fx * one(ix + 1, iy + 1);
  }

  private int one(int c, int r) {
    for (Template.Block b : template.blocks()) {
      if (c >= b.left() && c < b.right() && r >= b.top() && r < b.bottom()) {
        return 1;
      }
    }
    return 0;
  }

  /** The picture's grey values. */
  int[] grey() {
    int[] grey = new int[32 * 32];
    for (int y = 0; y < 512; y++) {
      for (int x = 0; x < 512; x++) {
        grey[y / 16 * 32 + x / 16] += sample(x, y);
      }
    }
    return grey;
  }

  /** The sum of samples in a frame, {@code margin} grid points wide, around the picture. */
  long outside(int margin) {
    long sum = 0;
    for (int y = -margin; y < 512 + margin; y++) {
      for (int x = -margin; x < 512 + margin; x++) {
        if (!(x >= 0 && x < 512 && y >= 0 && y < 512)) {
          sum += sample(x, y);
        }
      }
    }
    return sum;
  }
}
