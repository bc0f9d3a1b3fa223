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
 * The data that estimators look at: both halves of a split, and which examples of each are used. It
 * does not depend on a run, so all runs of a split share one. Safe to use from many threads.
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

  /** So many examples of a half. */
  private record Wanted(Subset half, int examples) {}

  private EvaluationData(ImageTensor pool, Partition partition, int limit) {
    this.pool = pool;
    this.partition = partition;
    this.limit = limit;
    trainRows = partition.rows(Subset.TRAIN);
    testRows = partition.rows(Subset.TEST);
    train = Examples.of(pool, partition, Subset.TRAIN, Integer.MAX_VALUE);
    for (Subset half : Subset.values()) {
      examples.put(half, examples(half, limit));
      mixtures.put(
          half, half == Subset.TRAIN ? train : Examples.of(pool, partition, half, train.size()));
    }
  }

  /**
   * The setting in which at most {@code limit} examples of each half are used.
   *
   * @param pool all images
   */
  public static EvaluationData of(ImageTensor pool, Partition partition, int limit) {
    return new EvaluationData(pool, partition, limit);
  }

  /** The examples of a half that are used. */
  public Examples examples(Subset half) {
    return get(examples, half);
  }

  /** At most {@code count} of the examples that are used, for estimators that are dear. */
  public Examples examples(Subset half, int count) {
    return Examples.of(pool, partition, half, Math.min(limit, count));
  }

  /** The whole training half. */
  public Examples train() {
    return train;
  }

  /**
   * The examples of a half whose posteriors make up its inference marginal. For the training half
   * that is all of it. For the test half it is as many test examples as there are training
   * examples, drawn at random where there are more, so that both halves have the same ceiling log
   * N. It holds {@code examples(half, n)} for any n up to its size.
   */
  public Examples mixture(Subset half) {
    return get(mixtures, half);
  }

  /**
   * The nearest training images of the examples that are used, found on first use; of a training
   * example, the nearest other one.
   */
  public Neighbours neighbours(Subset half) {
    return neighbours(half, limit);
  }

  /** The nearest training images of {@code examples(half, count)}, found on first use. */
  public synchronized Neighbours neighbours(Subset half, int count) {
    return neighbours.computeIfAbsent(
        new Wanted(half, Math.min(limit, count)),
        wanted -> Neighbours.of(pool, partition, examples(half, wanted.examples())));
  }

  /** The nearest training images of images that are not of the data set. */
  public Neighbours neighboursOf(ImageTensor images) {
    int[] rows = IntStream.range(0, images.rows()).toArray();
    return Neighbours.of(pool, partition, Examples.ofRows(images, Subset.TEST, rows));
  }

  /** The place in a half of a row of the data set; negative if it is not there. */
  public int index(Subset half, int row) {
    return Arrays.binarySearch(half == Subset.TRAIN ? trainRows : testRows, row);
  }

  private static Examples get(Map<Subset, Examples> map, Subset half) {
    Examples found = map.get(half);
    if (found == null) {
      throw new AssertionError("both halves are filled");
    }
    return found;
  }
}
