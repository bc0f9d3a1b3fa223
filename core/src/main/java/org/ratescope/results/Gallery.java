package org.ratescope.results;

import java.util.List;

/**
 * What a run's decoder draws: samples, reconstructions, traversals and interpolations, each a grid
 * of images in one PNG file.
 *
 * @param sheets the grids
 */
public record Gallery(List<Sheet> sheets) {
  public Gallery {
    sheets = List.copyOf(sheets);
  }

  /**
   * A grid of images.
   *
   * @param kind {@code samples} of the prior; "images" of the test set; their {@code
   *     reconstructions}; {@code traversals} of single latents; {@code interpolations} between the
   *     codes of two test images
   * @param rows images in a column
   * @param columns images in a row
   * @param image the grid as a {@code data:} address
   * @param about a sentence for people: which images, latents or values
   */
  public record Sheet(String kind, int rows, int columns, String image, String about) {}
}
