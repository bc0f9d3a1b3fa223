package org.ratescope.estimate.posterior;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.dataset.Partition;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * The nearest training image of each example, in Euclidean pixel distance; for a training example,
 * the nearest other one. Among equally near ones, the first in the data set.
 *
 * <p>Computed in tiles of one float32 matrix product, ‖y‖² − 2x·y, so no N × M array is ever in
 * memory: about 210 MiB at 3072 values for each image. Every candidate within the product's
 * rounding error of the best is then measured from its differences in float64, so that the result
 * is exact.
 */
public final class Neighbours {
  private static final int TILE = 4096;

  /** Number of candidates in a tile that are compared before the whole tile is searched. */
  private static final int SHORTLIST = 4;

  /** Rounding of a float32 product of D terms, as a share of ‖x‖·‖y‖, at most D times this. */
  private static final double UNIT_ROUNDOFF = 0x1p-24;

  private final Examples examples;
  private final int[] rows;
  private final double[] distances;

  private Neighbours(Examples examples, int[] rows, double[] distances) {
    this.examples = examples;
    this.rows = rows;
    this.distances = distances;
  }

  /** A training row whose squared distance, less ‖x‖², is {@code score} up to rounding. */
  private record Candidate(int row, double score) {}

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
   * Searches the whole training set.
   *
   * @param pool the images of the training set; the examples may be of another pool
   * @throws IllegalArgumentException if an example has no training image for comparison
   */
  public static Neighbours of(ImageTensor pool, Partition partition, Examples examples) {
    int[] train = partition.rows(Subset.TRAIN);
    if (examples.size() > 0 && train.length < (examples.subset() == Subset.TRAIN ? 2 : 1)) {
      throw new IllegalArgumentException(
          "a nearest training image needs another training image; got %d in all"
              .formatted(train.length));
    }
    int n = examples.size();
    int[] nearest = new int[n];
    double[] distances = new double[n];
    for (int first = 0; first < n; first += TILE) {
      int count = Math.min(TILE, n - first);
      List<List<Candidate>> candidates = candidates(pool, train, examples, first, count);
      for (int i = 0; i < count; i++) {
        float[] image = examples.pool().image(examples.row(first + i));
        measure(pool, image, candidates.get(i), nearest, distances, first + i);
      }
    }
    return new Neighbours(examples, nearest, distances);
  }

  private static List<List<Candidate>> candidates(
      ImageTensor pool, int[] train, Examples examples, int first, int count) {
    List<List<Candidate>> candidates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      candidates.add(new ArrayList<>());
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor x = examples.images(first, count); // [n, D]
      double largest = largestNorm(x);
      Tensor scores = Tensors.empty(x, count, Math.min(TILE, train.length));
      for (int from = 0; from < train.length; from += TILE) {
        int[] tile = Arrays.copyOfRange(train, from, Math.min(from + TILE, train.length));
        search(
            pool, x, largest, scores.narrow(1, 0, tile.length), tile, examples, first, candidates);
      }
    }
    return candidates;
  }

  private static void search(
      ImageTensor pool,
      Tensor x,
      double largest,
      Tensor scores,
      int[] tile,
      Examples examples,
      int first,
      List<List<Candidate>> candidates) {
    try (PointerScope scope = new PointerScope()) {
      Tensor y = pool.select(Arrays.stream(tile).asLongStream().toArray());
      Tensor squares = y.mul(y).sum(1L);
      torch.addmm_out(scores, squares, x, y.t(), new Scalar(1.0), new Scalar(-2.0)); // [n, M]
      double norm = Math.sqrt(squares.max().item_double());
      double rounding = 4 * UNIT_ROUNDOFF * x.size(1) * norm * Math.max(largest, norm);
      int wanted = Math.min(SHORTLIST, tile.length);
      var best = torch.topk(scores, wanted, 1, false, true);
      double[] values = Tensors.doubles(best.get0());
      double[] places = Tensors.doubles(best.get1());
      for (int i = 0; i < candidates.size(); i++) {
        int own = examples.subset() == Subset.TRAIN ? examples.row(first + i) : -1;
        Shortlist list = new Shortlist(candidates.get(i), own, rounding);
        Set<Integer> taken = new HashSet<>();
        for (int c = 0; c < wanted; c++) {
          int row = tile[(int) places[i * wanted + c]];
          taken.add(row);
          list.add(row, values[i * wanted + c]);
        }
        if (wanted < tile.length && list.mayTake(values[(i + 1) * wanted - 1])) {
          double[] all = Tensors.doubles(scores.select(0, i));
          for (int m = 0; m < tile.length; m++) {
            if (!taken.contains(tile[m])) {
              list.add(tile[m], all[m]);
            }
          }
        }
      }
    }
  }

  /**
   * The candidates of one example so far, without those that are now too far. Many may remain if
   * images repeat, so adding one takes constant time unless it is the best so far.
   */
  private static final class Shortlist {
    private final List<Candidate> candidates;
    private final int own;
    private final double rounding;
    private double best;

    Shortlist(List<Candidate> candidates, int own, double rounding) {
      this.candidates = candidates;
      this.own = own;
      this.rounding = rounding;
      best =
          candidates.stream().mapToDouble(Candidate::score).min().orElse(Double.POSITIVE_INFINITY);
    }

    boolean mayTake(double score) {
      return !(score > best + 2 * rounding);
    }

    void add(int row, double score) {
      if (row == own || !mayTake(score)) {
        return;
      }
      candidates.add(new Candidate(row, score));
      if (score < best) {
        best = score;
        candidates.removeIf(c -> c.score() > best + 2 * rounding);
      }
    }
  }

  private static double largestNorm(Tensor images) {
    try (PointerScope scope = new PointerScope()) {
      return Math.sqrt(images.mul(images).sum(1L).max().item_double());
    }
  }

  private static void measure(
      ImageTensor pool,
      float[] image,
      List<Candidate> candidates,
      int[] nearest,
      double[] distances,
      int i) {
    distances[i] = Double.POSITIVE_INFINITY;
    candidates.sort(Comparator.comparingInt(Candidate::row));
    for (Candidate candidate : candidates) {
      double distance = distance(image, pool.image(candidate.row()));
      if (distance < distances[i]) {
        distances[i] = distance;
        nearest[i] = candidate.row();
      }
    }
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
