package org.ratescope.dataset.tetromino;

/**
 * A fully saturated hue that converts grey values to red, green and blue, in float arithmetic like
 * OpenCV 4.6's HSV conversion.
 *
 * @param full the plane that equals the grey value
 * @param part the plane that is {@code share} of it; the third plane is 0
 * @param share in [0, 1]
 */
record HueColor(int full, int part, float share) {
  private static final int[] FULL = {0, 1, 1, 2, 2, 0};
  private static final int[] PART = {1, 0, 2, 1, 0, 2};

  /** The colour of a hue given as a fraction of a turn, in [0, 1). */
  static HueColor of(double turn) {
    if (!(turn >= 0 && turn < 1)) {
      throw new IllegalArgumentException("hue must be at least 0 and below 1; got " + turn);
    }
    float sixths = (float) (turn * 360) * (6f / 360f);
    int sector = (int) sixths;
    float f = sixths - sector;
    float falling = 1 - f;
    return new HueColor(FULL[sector], PART[sector], sector % 2 == 0 ? 1 - falling : falling);
  }

  /** Writes the pixel {@code index} of {@code plane} values to the three planes of an image. */
  void paint(float grey, int index, int plane, float[] chw) {
    chw[full * plane + index] = grey;
    chw[part * plane + index] = grey * share;
  }
}
