package org.ratescope.dataset;

/** A source that computes each image independently, from the factors of the row. Pure. */
public non-sealed interface RenderedSource extends ImageSource {

  /**
   * Computes the image of a row.
   *
   * @param chw receives the planes one after the other, each row by row, values in [0, 1]; its
   *     length is {@code spec().dimensions()}
   */
  void render(int row, float[] chw);

  @Override
  default SourceFingerprint origin() {
    return SourceFingerprint.COMPUTED;
  }

  @Override
  default PixelType pixels() {
    return PixelType.FLOAT32;
  }
}
