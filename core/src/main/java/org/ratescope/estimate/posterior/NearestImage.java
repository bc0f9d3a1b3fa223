package org.ratescope.estimate.posterior;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ratescope.tensor.ImageTensor;

/**
 * The nearest training image of one image, as far as the search has come: the nearest of those that
 * were measured, and those that may be nearer.
 */
final class NearestImage {
  private final ImageTensor pool;
  private final float[] image;
  private final int own;
  private int row = -1;
  private double distance = Double.POSITIVE_INFINITY;
  private int[] candidates = new int[16];
  private double[] bounds = new double[16];
  private int size;

  /**
   * Nothing found yet.
   *
   * @param pool the training images
   * @param own a row that does not count; negative for none
   */
  NearestImage(ImageTensor pool, float[] image, int own) {
    this.pool = pool;
    this.image = image;
    this.own = own;
  }

  /** The row of the nearest training image; after {@link #finish}. */
  int row() {
    return row;
  }

  /** The distance to it. */
  double distance() {
    return distance;
  }

  /**
   * Takes the training images of a tile that may be nearest. Measures the one with the smallest
   * bound.
   *
   * @param tile increasing rows of training images
   * @param scores for each of them a lower bound of the squared distance less {@code square}
   * @param square ‖φ(x)‖²
   * @param rounding how much a bound may be too large
   */
  void add(int[] tile, float[] scores, double square, double rounding) {
    int self = own < 0 ? -1 : Arrays.binarySearch(tile, own);
    if (self >= 0) {
      scores[self] = Float.POSITIVE_INFINITY;
    }
    float least = Float.POSITIVE_INFINITY;
    for (int j = 0; j < tile.length; j++) {
      least = Math.min(least, scores[j]);
    }
    if (least == Float.POSITIVE_INFINITY || !isNear(least + square - rounding)) {
      return;
    }
    int first = 0;
    while (scores[first] != least) {
      first++;
    }
    measure(tile[first]);
    double most = distance * distance + rounding - square;
    for (int j = 0; j < tile.length; j++) {
      if (scores[j] <= most && j != first && j != self) {
        keep(tile[j], scores[j] + square - rounding);
      }
    }
  }

  private boolean isNear(double bound) {
    return bound <= distance * distance;
  }

  private void keep(int candidate, double bound) {
    if (distance == 0 && candidate > row) {
      return; // of equal images the first one counts
    }
    if (size == candidates.length) {
      candidates = Arrays.copyOf(candidates, 2 * size);
      bounds = Arrays.copyOf(bounds, 2 * size);
    }
    candidates[size] = candidate;
    bounds[size++] = bound;
  }

  /** Measures the candidates that may still be nearest. */
  void finish() {
    Integer[] order =
        IntStream.range(0, size)
            .filter(i -> isNear(bounds[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> bounds[i]))
            .toArray(Integer[]::new);
    for (int i : order) {
      if (!isNear(bounds[i])) {
        return;
      }
      measure(candidates[i]);
    }
  }

  private void measure(int candidate) {
    if (distance == 0 && candidate > row) {
      return;
    }
    double found = Neighbours.distance(image, pool.image(candidate));
    if (found < distance || (found == distance && candidate < row)) {
      distance = found;
      row = candidate;
    }
  }
}
