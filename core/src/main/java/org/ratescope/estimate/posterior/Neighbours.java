package org.ratescope.estimate.posterior;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.Partition;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;

/**
 * The nearest training image of each example, in Euclidean pixel distance; for a training example,
 * the nearest other one. Among equally near ones, the first in the data set.
 *
 * <p>Exact: lower bounds of all distances come from float32 matrix products ({@link
 * NeighbourSearch}), in tiles, so that no N × M array is ever in memory. Every training image whose
 * bound, less its rounding error, is not above the smallest distance so far is measured from its
 * differences in float64.
 */
public final class Neighbours {
  private final Examples examples;
  private final int[] rows;
  private final double[] distances;

  private Neighbours(Examples examples, int[] rows, double[] distances) {
    this.examples = examples;
    this.rows = rows;
    this.distances = distances;
  }

  /** The examples whose neighbours these are. */
  public Examples examples() {
    return examples;
  }

  /** The data set's row of an example's nearest training image. */
  public int row(int example) {
    return rows[example];
  }

  /** An example's distance to it, in pixel values. */
  public double distance(int example) {
    return distances[example];
  }

  /** The distances of all examples. */
  public double[] distances() {
    return distances.clone();
  }

  /**
   * Searches the whole training set.
   *
   * @param pool the images of the training set; the examples may be of another pool
   * @throws IllegalArgumentException if an example has no training image for comparison
   */
  public static Neighbours of(ImageTensor pool, Partition partition, Examples examples) {
    return of(pool, partition, examples, searched -> {});
  }

  /**
   * The same, reporting progress.
   *
   * @param searched receives numbers of examples whose neighbours have been found
   */
  public static Neighbours of(
      ImageTensor pool, Partition partition, Examples examples, IntConsumer searched) {
    int[] train = partition.rows(Subset.TRAIN);
    if (examples.size() > 0 && train.length < (examples.subset() == Subset.TRAIN ? 2 : 1)) {
      throw new IllegalArgumentException(
          "a nearest training image needs another training image; got %d in all"
              .formatted(train.length));
    }
    int n = examples.size();
    int[] nearest = new int[n];
    double[] distances = new double[n];
    try (PointerScope scope = new PointerScope()) {
      NeighbourSearch search = NeighbourSearch.of(pool, train, examples);
      for (int first = 0; first < n; first += NeighbourSearch.BLOCK) {
        NearestImage[] found = search.search(first, Math.min(NeighbourSearch.BLOCK, n - first));
        for (int i = 0; i < found.length; i++) {
          nearest[first + i] = found[i].row();
          distances[first + i] = found[i].distance();
        }
        searched.accept(found.length);
      }
    }
    return new Neighbours(examples, nearest, distances);
  }

  /** The Euclidean distance of two images, in pixel values. */
  public static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double d = (double) a[i] - b[i];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }

  /** The example whose distance is the given quantile, in [0, 1], of all distances. */
  public int atQuantile(double quantile) {
    Integer[] order = new Integer[distances.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> distances[i]));
    return order[(int) Math.round(quantile * (order.length - 1))];
  }
}
