package org.ratescope.results;

import java.util.List;

/**
 * A model with two latents over a square grid of codes (Figure A8). Cell {@code (column, row)} has
 * the place {@code row · size + column} in each list; its centre is ({@link #centre}(column),
 * {@link #centre}(row)).
 *
 * @param size cells to a side
 * @param low lower edge of the grid, in both latents
 * @param high upper edge
 * @param trainExamples N, posteriors in the mixture
 * @param logDensity log q(z) of the inference marginal, in nats [size · size]
 * @param heaviest the row in the training set of the example with the largest weight of Equation 5
 *     [size · size]
 * @param largestWeight that weight [size · size]
 * @param codes posterior means of the first training examples, at most 1000
 */
public record LatentPlane(
    int size,
    double low,
    double high,
    int trainExamples,
    List<Float> logDensity,
    List<Integer> heaviest,
    List<Float> largestWeight,
    List<Code> codes) {
  public LatentPlane {
    logDensity = List.copyOf(logDensity);
    heaviest = List.copyOf(heaviest);
    largestWeight = List.copyOf(largestWeight);
    codes = List.copyOf(codes);
    int cells = size * size;
    if (!(logDensity.size() == cells
        && heaviest.size() == cells
        && largestWeight.size() == cells)) {
      throw new IllegalArgumentException(
          "a plane of %d by %d cells must have %d values of each kind; got %d, %d, %d"
              .formatted(
                  size, size, cells, logDensity.size(), heaviest.size(), largestWeight.size()));
    }
  }

  /** Coordinate of a cell's centre. */
  public double centre(int cell) {
    return low + (cell + 0.5) * (high - low) / size;
  }

  /**
   * Where a training example is encoded.
   *
   * @param index its row in the training set
   * @param x mean of the first latent
   * @param y mean of the second
   */
  public record Code(int index, double x, double y) {}
}
