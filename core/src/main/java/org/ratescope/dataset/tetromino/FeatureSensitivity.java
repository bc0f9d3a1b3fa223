package org.ratescope.dataset.tetromino;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The change of pixels when one factor of the Tetrominoes moves (appendix B.1, Figures A3 and A4):
 * the Euclidean distances, in pixel values, between images and the same images with that factor
 * moved by a sixteenth of its range: up, or down where it would leave the range.
 */
public final class FeatureSensitivity {
  private final String factor;
  private final double[] distances;

  private FeatureSensitivity(String factor, double[] distances) {
    this.factor = factor;
    this.distances = distances;
  }

  /**
   * Renders the rows twice, on all cores.
   *
   * @param factor index in {@link Tetrominoes#factorNames}, from 0 to 4
   * @param rows the rows to use
   */
  public static FeatureSensitivity of(Tetrominoes images, int factor, int[] rows) {
    Objects.checkIndex(factor, TetrominoPool.FACTORS);
    double[] distances =
        Arrays.stream(rows).parallel().mapToDouble(row -> distance(images, row, factor)).toArray();
    return new FeatureSensitivity(images.factorNames().get(factor), distances);
  }

  private static double distance(Tetrominoes images, int row, int factor) {
    float[] original = new float[images.spec().dimensions()];
    images.render(row, original);
    float[] moved = moved(images, row, factor);
    return Math.sqrt(
        IntStream.range(0, original.length)
            .mapToDouble(i -> (double) original[i] - moved[i])
            .map(d -> d * d)
            .sum());
  }

  /** The image of a row with the factor moved, in a new array. */
  public static float[] moved(Tetrominoes images, int row, int factor) {
    float[] moved = new float[images.spec().dimensions()];
    images.render(images.moved(row, factor), moved);
    return moved;
  }

  /** Name of the factor. */
  public String factor() {
    return factor;
  }

  /** The distance of each row, in a new array. */
  public double[] distances() {
    return distances.clone();
  }
}
