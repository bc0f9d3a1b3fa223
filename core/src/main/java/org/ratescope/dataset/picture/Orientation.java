package org.ratescope.dataset.picture;

/**
 * The orientation of a picture: tag 274 of Exif 2.3 and TIFF 6.0.
 *
 * @param code 1 (unchanged) to 8
 */
record Orientation(int code) {
  /** Unchanged. */
  static final Orientation NONE = new Orientation(1);

  /**
   * The orientation in an Exif block, which is a TIFF header with one directory of tags; {@link
   * #NONE} if the block is damaged or contains none.
   */
  static Orientation of(byte[] exif) {
    return TiffTags.of(exif)
        .value(TiffTags.ORIENTATION)
        .filter(code -> code >= 1 && code <= 8)
        .map(Orientation::new)
        .orElse(NONE);
  }

  /** Whether rows become columns. */
  boolean swapsSides() {
    return code >= 5;
  }

  /** The picture in its orientation for display. */
  Pixels applied(Pixels stored) {
    if (code == 1) {
      return stored;
    }
    int height = swapsSides() ? stored.width() : stored.height();
    int width = swapsSides() ? stored.height() : stored.width();
    int channels = stored.channels();
    byte[] samples = new byte[stored.samples().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = source(stored, y, x) * channels;
        System.arraycopy(stored.samples(), from, samples, (y * width + x) * channels, channels);
      }
    }
    return new Pixels(samples, channels, height, width);
  }

  /** The index of the stored pixel that is displayed at (y, x). */
  private int source(Pixels stored, int y, int x) {
    int bottom = stored.height() - 1;
    int right = stored.width() - 1;
    int row =
        switch (code) {
          case 3, 4 -> bottom - y;
          case 5, 8 -> x;
          case 6, 7 -> bottom - x;
          default -> y;
        };
    int column =
        switch (code) {
          case 2, 3 -> right - x;
          case 5, 6 -> y;
          case 7, 8 -> right - y;
          default -> x;
        };
    return row * stored.width() + column;
  }
}
