package org.ratescope.model.layer;

import org.ratescope.spec.data.DataSpec;

/**
 * Planes, rows and columns of an image or of what a layer computes; a vector of n values is n
 * planes of one value. Files and models hold the values plane by plane (C, H, W), as PyTorch does;
 * between convolutions they lie channels last (H, W, C).
 *
 * @param channels planes, at least 1
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record ImageShape(int channels, int height, int width) {
  public ImageShape {
    if (!(channels >= 1 && height >= 1 && width >= 1)) {
      throw new IllegalArgumentException(
          "an image needs at least one channel, row and column; got %dx%dx%d"
              .formatted(channels, height, width));
    }
    Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  /** The shape of a data set's images. */
  public static ImageShape of(DataSpec data) {
    return new ImageShape(data.channels(), data.height(), data.width());
  }

  /** The shape of a vector. */
  public static ImageShape vector(int values) {
    return new ImageShape(values, 1, 1);
  }

  /** Values of one image. */
  public int dimensions() {
    return channels * height * width;
  }

  /** The form in messages, {@code 3x32x32}. */
  public String text() {
    return channels + "x" + height + "x" + width;
  }
}
