package org.ratescope.analysis;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ratescope.spec.RunRandom;

/** Rows of a data set drawn at random without replacement: a function of the numbers alone. */
final class RandomRows {
  private static final long SEED = 0;

  private RandomRows() {}

  /**
   * At most {@code count} of the rows 0 to {@code size}−1, in random order.
   *
   * @param step identifies the purpose
   */
  static int[] drawn(int size, int count, long step) {
    int[] rows = IntStream.range(0, size).toArray();
    RunRandom.of(SEED, RunRandom.Stream.SUBSET, step).shuffle(rows);
    return Arrays.copyOf(rows, Math.min(size, count));
  }
}
