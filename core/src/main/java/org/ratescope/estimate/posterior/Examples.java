package org.ratescope.estimate.posterior;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.Partition;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * The examples of the training set or the test set that an estimator uses: rows of the data set's
 * images.
 */
public final class Examples {
  /**
   * The choice does not depend on a run, so that all runs of a split are compared on the same
   * examples.
   */
  private static final long SUBSET_SEED = 0;

  private final ImageTensor pool;
  private final Subset subset;
  private final int[] rows;

  private Examples(ImageTensor pool, Subset subset, int[] rows) {
    this.pool = pool;
    this.subset = subset;
    this.rows = rows;
  }

  /** All images of a data set, mapped into memory, of which these are rows. */
  public static ImageTensor pool(ImageSet images) {
    return ImageTensor.mapped(
        images.file(), images.pixels().bytes(), images.size(), images.spec().dimensions());
  }

  /**
   * At most {@code limit} examples of a subset, drawn at random without replacement, in the order
   * of the data set.
   */
  public static Examples of(ImageTensor pool, Partition partition, Subset subset, int limit) {
    int[] rows = partition.rows(subset).clone();
    if (rows.length > limit) {
      RunRandom.of(SUBSET_SEED, RunRandom.Stream.SUBSET, subset == Subset.TRAIN ? 0 : 1)
          .shuffle(rows);
      rows = Arrays.copyOf(rows, limit);
      Arrays.sort(rows);
    }
    return new Examples(pool, subset, rows);
  }

  /** These rows of the images. */
  public static Examples ofRows(ImageTensor pool, Subset subset, int[] rows) {
    return new Examples(pool, subset, rows.clone());
  }

  /** Their subset. */
  public Subset subset() {
    return subset;
  }

  /** Their number. */
  public int size() {
    return rows.length;
  }

  /** All images of the data set. */
  public ImageTensor pool() {
    return pool;
  }

  /** The first {@code count} of these examples. */
  public Examples first(int count) {
    return new Examples(pool, subset, Arrays.copyOf(rows, count));
  }

  /** D, number of values of an image. */
  public int dimensions() {
    return pool.dimensions();
  }

  /** The data set's row of an example. */
  public int row(int example) {
    return rows[example];
  }

  /**
   * The positions of other examples among these.
   *
   * @throws IllegalArgumentException if one of them is not among these
   */
  public int[] places(Examples others) {
    Map<Integer, Integer> places = new HashMap<>();
    for (int i = 0; i < rows.length; i++) {
      places.put(rows[i], i);
    }
    int[] found = new int[others.size()];
    for (int i = 0; i < found.length; i++) {
      Integer place = places.get(others.row(i));
      if (place == null) {
        throw new IllegalArgumentException(
            "row %d is not among these %d examples".formatted(others.row(i), rows.length));
      }
      found[i] = place;
    }
    return found;
  }

  /** The images of {@code count} examples from {@code first} on. [count, D] float32 */
  public Tensor images(int first, int count) {
    long[] wanted = new long[count];
    for (int i = 0; i < count; i++) {
      wanted[i] = rows[first + i];
    }
    return pool.select(wanted);
  }

  /** Copies the images of those examples, which may repeat, into a batch [1, B, D]. */
  public void load(int[] examples, Tensor batch) {
    long[] wanted = new long[examples.length];
    Arrays.setAll(wanted, i -> rows[examples[i]]);
    try (PointerScope scope = new PointerScope()) {
      pool.gather(Tensors.indices(wanted), batch.select(0, 0));
    }
  }

  /**
   * Copies the images from {@code first} on into a batch [1, B, D] of any float type. If the batch
   * extends beyond the end, it is filled with the last example.
   *
   * @return how many of them are examples
   */
  public int load(int first, Tensor batch) {
    int capacity = Math.toIntExact(batch.size(1));
    long[] wanted = new long[capacity];
    for (int i = 0; i < capacity; i++) {
      wanted[i] = rows[Math.min(first + i, rows.length - 1)];
    }
    try (PointerScope scope = new PointerScope()) {
      pool.gather(Tensors.indices(wanted), batch.select(0, 0));
    }
    return Math.min(capacity, rows.length - first);
  }
}
