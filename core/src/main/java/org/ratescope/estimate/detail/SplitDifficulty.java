package org.ratescope.estimate.detail;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Neighbours;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;

/**
 * The difficulty of a split: the distances of its test images to their nearest training images
 * (Figures A1, A2 and A18), ‖x − x'‖ over all values of an image, each in [0, 1]. For comparison,
 * the distances of the same test images to random training images. A distance of 0 is a test image
 * that is also a training image.
 *
 * @param testImages number of images in the whole test set
 * @param trainImages number of training images, all of which are searched
 * @param nearest the mean of the distances, over the test images used
 * @param random the mean distance to a training image drawn at random
 * @param neighbours the test images used, the nearest first; at least one
 */
public record SplitDifficulty(
    int testImages,
    int trainImages,
    MeanEstimate nearest,
    MeanEstimate random,
    List<Neighbour> neighbours) {
  /** Maximum number of test images; drawn at random, the same in every call. */
  public static final int SEARCHED = 2000;

  /** The step of the stream SUBSET that draws training images; 0 and 1 draw examples. */
  private static final int RANDOM_PARTNERS = 2;

  public SplitDifficulty {
    neighbours = List.copyOf(neighbours);
  }

  /**
   * A test image and its nearest training image.
   *
   * @param row the test image's row in the data set
   * @param nearest the training image's row; among equally near ones, the first
   * @param distance between them
   */
  public record Neighbour(int row, int nearest, double distance) {}

  /**
   * Searches for the neighbours of at most {@code limit} test images.
   *
   * @throws IllegalArgumentException if a subset is empty
   */
  public static SplitDifficulty of(
      ImageSet images, Split split, int limit, BuildListener listener) {
    Partition partition = images.partition(split);
    int train = partition.size(Subset.TRAIN);
    int test = partition.size(Subset.TEST);
    if (!(train > 0 && test > 0 && limit > 0)) {
      throw new IllegalArgumentException(
          "got %d training and %d test images, with a limit of %d; expected at least one of each"
              .formatted(train, test, limit));
    }
    List<Neighbour> neighbours = search(images, partition, limit, listener);
    double[] nearest = neighbours.stream().mapToDouble(Neighbour::distance).toArray();
    double[] random = randomDistances(images, partition, neighbours);
    List<Neighbour> sorted = new ArrayList<>(neighbours);
    sorted.sort(Comparator.comparingDouble(Neighbour::distance)); // stable: then by row
    return new SplitDifficulty(
        test, train, MeanEstimate.of(nearest), MeanEstimate.of(random), sorted);
  }

  private static List<Neighbour> search(
      ImageSet images, Partition partition, int limit, BuildListener listener) {
    Libtorch.useOneThread();
    try (PointerScope scope = new PointerScope()) {
      ImageTensor pool = Examples.pool(images);
      Examples examples = Examples.of(pool, partition, Subset.TEST, limit);
      int[] done = {0};
      Neighbours found =
          Neighbours.of(
              pool,
              partition,
              examples,
              n -> listener.built("nearest training images", done[0] += n, examples.size()));
      return IntStream.range(0, examples.size())
          .mapToObj(n -> new Neighbour(examples.row(n), found.row(n), found.distance(n)))
          .toList();
    }
  }

  private static double[] randomDistances(
      ImageSet images, Partition partition, List<Neighbour> neighbours) {
    RunRandom random = RunRandom.of(0, RunRandom.Stream.SUBSET, RANDOM_PARTNERS);
    double[] distances = new double[neighbours.size()];
    for (int i = 0; i < distances.length; i++) {
      int partner = (int) (random.uniform(i) * partition.size(Subset.TRAIN));
      distances[i] =
          Neighbours.distance(
              images.image(neighbours.get(i).row()),
              images.image(partition.row(Subset.TRAIN, partner)));
    }
    return distances;
  }

  /** A quantile of the distances: of n, number round(q (n − 1)). */
  public double quantile(double q) {
    return neighbours.get((int) Math.round(q * (neighbours.size() - 1))).distance();
  }

  /** How many of the test images used are also training images. */
  public int duplicates() {
    return (int) neighbours.stream().filter(n -> n.distance() == 0).count();
  }

  /** The facts under the names that the command line prints, in a fixed order. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("testImages", neighbours.size());
    fields.put("ofTestImages", testImages);
    fields.put("amongTrainingImages", trainImages);
    fields.put("nearestMean", nearest.value());
    fields.put("nearestStandardError", nearest.standardError());
    fields.put("nearest10", quantile(0.1));
    fields.put("nearest50", quantile(0.5));
    fields.put("nearest90", quantile(0.9));
    fields.put("duplicates", duplicates());
    fields.put("duplicateShare", (double) duplicates() / neighbours.size());
    fields.put("randomMean", random.value());
    fields.put("randomStandardError", random.standardError());
    return fields;
  }
}
