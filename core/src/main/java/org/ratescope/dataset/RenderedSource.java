package org.ratescope.dataset;

/** A source that computes each image by itself, from the row's factors. Pure. */
public non-sealed interface RenderedSource extends ImageSource {

  /**
   * Makes a row's image.
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
