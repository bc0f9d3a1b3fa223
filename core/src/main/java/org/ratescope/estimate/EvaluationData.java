package org.ratescope.estimate;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Neighbours;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;

/**
 * The data that estimators look at: both subsets of a split, and which examples of each are used.
 * It does not depend on a run, so all runs of a split share one. Safe to use from many threads.
 */
public final class EvaluationData {
  private final ImageTensor pool;
  private final Partition partition;
  private final int limit;
  private final Map<Subset, Examples> examples = new EnumMap<>(Subset.class);
  private final Map<Subset, Examples> mixtures = new EnumMap<>(Subset.class);
  private final Map<Wanted, Neighbours> neighbours = new HashMap<>();
  private final Examples train;
  private final int[] trainRows;
  private final int[] testRows;

  /** So many examples of a subset. */
  private record Wanted(Subset subset, int examples) {}

  private EvaluationData(ImageTensor pool, Partition partition, int limit) {
    this.pool = pool;
    this.partition = partition;
    this.limit = limit;
    trainRows = partition.rows(Subset.TRAIN);
    testRows = partition.rows(Subset.TEST);
    train = Examples.of(pool, partition, Subset.TRAIN, Integer.MAX_VALUE);
    for (Subset subset : Subset.values()) {
      examples.put(subset, examples(subset, limit));
      mixtures.put(
          subset,
          subset == Subset.TRAIN ? train : Examples.of(pool, partition, subset, train.size()));
    }
  }

  /**
   * The setting in which at most {@code limit} examples of each subset are used.
   *
   * @param pool all images
   */
  public static EvaluationData of(ImageTensor pool, Partition partition, int limit) {
    return new EvaluationData(pool, partition, limit);
  }

  /** The examples of a subset that are used. */
  public Examples examples(Subset subset) {
    return get(examples, subset);
  }

  /** At most {@code count} of the examples that are used, for expensive estimators. */
  public Examples examples(Subset subset, int count) {
    return Examples.of(pool, partition, subset, Math.min(limit, count));
  }

  /** The whole training set. */
  public Examples train() {
    return train;
  }

  /**
   * The examples of a subset whose posteriors make up its inference marginal. For the training set
   * that is all of it. For the test set it is as many test examples as there are training examples,
   * drawn at random where there are more, so that both subsets have the same ceiling log N. It
   * holds {@code examples(subset, n)} for any n up to its size.
   */
  public Examples mixture(Subset subset) {
    return get(mixtures, subset);
  }

  /**
   * The nearest training images of the examples that are used, found on first use; of a training
   * example, the nearest other one.
   */
  public Neighbours neighbours(Subset subset) {
    return neighbours(subset, limit);
  }

  /** The nearest training images of {@code examples(subset, count)}, found on first use. */
  public synchronized Neighbours neighbours(Subset subset, int count) {
    return neighbours.computeIfAbsent(
        new Wanted(subset, Math.min(limit, count)),
        wanted -> Neighbours.of(pool, partition, examples(subset, wanted.examples())));
  }

  /** The nearest training images of images that are not of the data set. */
  public Neighbours neighboursOf(ImageTensor images) {
    int[] rows = IntStream.range(0, images.rows()).toArray();
    return Neighbours.of(pool, partition, Examples.ofRows(images, Subset.TEST, rows));
  }

  /** The place in a subset of a row of the data set; negative if it is not there. */
  public int index(Subset subset, int row) {
    return Arrays.binarySearch(subset == Subset.TRAIN ? trainRows : testRows, row);
  }

  private static Examples get(Map<Subset, Examples> map, Subset subset) {
    Examples found = map.get(subset);
    if (found == null) {
      throw new AssertionError("both subsets are filled");
    }
    return found;
  }
}
