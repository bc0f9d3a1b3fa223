package org.ratescope.estimate;

import java.util.stream.IntStream;
import org.ratescope.dataset.Partition;

/** Partitions of small pools for tests. */
public final class Partitions {
  private Partitions() {}

  /** The first {@code count} rows test, the next one trains. */
  static Partition test(int count) {
    return Partition.of(new int[] {count}, IntStream.range(0, count).toArray());
  }

  /** The first rows train, those after them test. */
  public static Partition of(int train, int test) {
    return Partition.of(
        IntStream.range(0, train).toArray(), IntStream.range(train, train + test).toArray());
  }
}
