package org.ratescope.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ratescope.io.Sha256;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;

/**
 * The rows of the training set and of the test set: two disjoint, increasing lists of row numbers.
 * A row may be in neither of them.
 */
public final class Partition {
  private final int[] train;
  private final int[] test;

  private Partition(int[] train, int[] test) {
    this.train = train;
    this.test = test;
  }

  /**
   * The partition with these rows, which are copied.
   *
   * @throws IllegalArgumentException if a list is not strictly increasing from 0 or more, or a row
   *     is in both
   */
  public static Partition of(int[] train, int[] test) {
    requireIncreasing("training rows", train);
    requireIncreasing("test rows", test);
    for (int row : test) {
      if (Arrays.binarySearch(train, row) >= 0) {
        throw new IllegalArgumentException(
            "row %d is in the training set and in the test set; expected in one of them"
                .formatted(row));
      }
    }
    return new Partition(train.clone(), test.clone());
  }

  private static void requireIncreasing(String name, int[] rows) {
    for (int i = 0; i < rows.length; i++) {
      int floor = i == 0 ? -1 : rows[i - 1];
      if (!(rows[i] > floor)) {
        throw new IllegalArgumentException(
            "%s must increase from at least 0; got %d after %d".formatted(name, rows[i], floor));
      }
    }
  }

  /**
   * The same test set, and the training set without one of some folds: the training rows in a fixed
   * random order, dealt out in turn.
   *
   * @throws IllegalArgumentException if there are more folds than training rows
   */
  public Partition without(Split.WithoutFold split) {
    if (!(split.folds() <= train.length)) {
      throw new IllegalArgumentException(
          "split %s has %d folds of %d training rows; expected at most as many folds as rows"
              .formatted(split.text(), split.folds(), train.length));
    }
    int[] order = train.clone();
    RunRandom.of(0, RunRandom.Stream.SPLIT, 1).shuffle(order);
    int[] rows =
        IntStream.range(0, order.length)
            .filter(i -> i % split.folds() != split.left() - 1)
            .map(i -> order[i])
            .sorted()
            .toArray();
    return new Partition(rows, test);
  }

  /** Number of rows of the subset. */
  public int size(Subset subset) {
    return array(subset).length;
  }

  /** The data set's row number of the subset's example {@code index}. */
  public int row(Subset subset, int index) {
    return array(subset)[index];
  }

  /**
   * The row numbers of the subset, increasing, in a new array; call it once and store the result.
   */
  public int[] rows(Subset subset) {
    return array(subset).clone();
  }

  /**
   * SHA-256, in hexadecimal, of the rows of the training set and then of the test set, each list as
   * its length and its row numbers, little-endian int32. Equal splits of equal images have the same
   * training data.
   */
  public String sha256() {
    MessageDigest digest = Sha256.start();
    for (int[] rows : List.of(train, test)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(Integer.BYTES * (rows.length + 1)).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(rows.length).asIntBuffer().put(rows);
      digest.update(bytes.array());
    }
    return Sha256.hex(digest);
  }

  private int[] array(Subset subset) {
    return switch (subset) {
      case TRAIN -> train;
      case TEST -> test;
    };
  }
}
