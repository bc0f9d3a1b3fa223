package org.ratescope.dataset.tetromino;

/**
 * The map from the sampling grid back to the template, {@code c = i0*X + i1*Y + i2}, {@code r =
 * i3*X + i4*Y + i5}, with OpenCV 4.6's order of operations and its rounding to 1/1024 of a template
 * pixel. The part that depends on X and the part that depends on Y are rounded separately.
 */
record SourceMap(double i0, double i1, double i2, double i3, double i4, double i5) {
  private static final int ONE = 1024;

  /** Half of 1/32 of a template pixel, since positions are truncated to 1/32 afterwards. */
  private static final int HALF = 16;

  /** Inverts a placement. */
  static SourceMap of(TemplatePlacement m) {
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
    return new SourceMap(i0, i1, i2, i3, i4, i5);
  }

  int columnByX(int x) {
    return (int) Math.rint(i0 * x * ONE);
  }

  int rowByX(int x) {
    return (int) Math.rint(i3 * x * ONE);
  }

  int columnByY(int y) {
    return (int) Math.rint((i1 * y + i2) * ONE) + HALF;
  }

  int rowByY(int y) {
    return (int) Math.rint((i4 * y + i5) * ONE) + HALF;
  }
}
