package org.ratescope.estimate;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.data.Partition;
import org.ratescope.study.Half;
import org.ratescope.study.RunRandom;
import org.ratescope.torch.Host;

/** The examples of one half of a split that an estimator uses: rows of the data set's images. */
public final class Examples {
  /**
   * The subset does not depend on a run, so that all runs of a split are compared on the same
   * examples.
   */
  private static final long SUBSET_SEED = 0;

  private final Tensor pool; // [N, D] float32
  private final Half half;
  private final int[] rows;

  private Examples(Tensor pool, Half half, int[] rows) {
    this.pool = pool;
    this.half = half;
    this.rows = rows;
  }

  /**
   * At most {@code limit} examples of a half, drawn at random without replacement, in the order of
   * the data set.
   *
   * @param pool all images, float32 [N, D]
   */
  public static Examples of(Tensor pool, Partition partition, Half half, int limit) {
    int[] rows = partition.rows(half).clone();
    if (rows.length > limit) {
      RunRandom.of(SUBSET_SEED, RunRandom.Stream.SUBSET, half == Half.TRAIN ? 0 : 1).shuffle(rows);
      rows = Arrays.copyOf(rows, limit);
      Arrays.sort(rows);
    }
    return new Examples(pool, half, rows);
  }

  /** Those rows of the images. */
  public static Examples ofRows(Tensor pool, Half half, int[] rows) {
    return new Examples(pool, half, rows.clone());
  }

  /** Which half they belong to. */
  public Half half() {
    return half;
  }

  /** How many there are. */
  public int size() {
    return rows.length;
  }

  /** The data set's row of an example. */
  public int row(int example) {
    return rows[example];
  }

  /**
   * Copies the images from {@code first} on into a batch [1, B, D] of any float type. A batch that
   * reaches past the end is filled with the last example.
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
      batch.select(0, 0).copy_(pool.index_select(0, Host.indices(wanted)));
    }
    return Math.min(capacity, rows.length - first);
  }
}
