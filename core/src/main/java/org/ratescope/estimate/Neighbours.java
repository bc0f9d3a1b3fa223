package org.ratescope.estimate;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.data.Partition;
import org.ratescope.study.Half;
import org.ratescope.torch.Host;

/**
 * The nearest training image of each example, in Euclidean pixel distance. Tiled through one matrix
 * product, ‖x‖² + ‖y‖² − 2x·y, so no N × M array is ever in memory; the winner's distance is then
 * recomputed from its difference in float64.
 */
public final class Neighbours {
  private static final int TILE = 4096;

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

  /**
   * Searches the whole training half.
   *
   * @param pool all images, float32 [N, D]
   */
  public static Neighbours of(Tensor pool, Partition partition, Examples examples) {
    int n = examples.size();
    int[] train = partition.rows(Half.TRAIN);
    int[] nearest = new int[n];
    double[] smallest = new double[n];
    Arrays.fill(smallest, Double.POSITIVE_INFINITY);
    try (PointerScope scope = new PointerScope()) {
      Tensor x = pool.index_select(0, Host.indices(longs(examples, n))); // [n, D]
      for (int first = 0; first < train.length; first += TILE) {
        int[] tile = Arrays.copyOfRange(train, first, Math.min(first + TILE, train.length));
        search(pool, x, tile, nearest, smallest);
      }
      for (int i = 0; i < n; i++) {
        smallest[i] = distance(pool, examples.row(i), nearest[i]);
      }
    }
    return new Neighbours(examples, nearest, smallest);
  }

  private static void search(Tensor pool, Tensor x, int[] tile, int[] nearest, double[] smallest) {
    try (PointerScope scope = new PointerScope()) {
      Tensor y = pool.index_select(0, Host.indices(Arrays.stream(tile).asLongStream().toArray()));
      Tensor score = torch.mm(x, y.t()).mul_(new Scalar(-2.0)).add_(y.mul(y).sum(1L)); // [n, M]
      var best = torch.min(score, 1);
      double[] values = Host.doubles(best.get0());
      double[] places = Host.doubles(best.get1());
      for (int i = 0; i < nearest.length; i++) {
        if (values[i] < smallest[i]) {
          smallest[i] = values[i];
          nearest[i] = tile[(int) places[i]];
        }
      }
    }
  }

  private static double distance(Tensor pool, int row, int other) {
    try (PointerScope scope = new PointerScope()) {
      double[] a = Host.doubles(pool.select(0, row));
      double[] b = Host.doubles(pool.select(0, other));
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
      return Math.sqrt(sum);
    }
  }

  /** The example whose distance is the given quantile, in [0, 1], of all distances. */
  public int atQuantile(double quantile) {
    Integer[] order = new Integer[distances.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(distances[a], distances[b]));
    return order[(int) Math.round(quantile * (order.length - 1))];
  }

  private static long[] longs(Examples examples, int n) {
    long[] rows = new long[n];
    Arrays.setAll(rows, examples::row);
    return rows;
  }
}
