package org.ratescope.train;

import java.util.Arrays;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Stopping;

/**
 * The training rows of a run, parted for early stopping: those that train and those that are set
 * aside. The latter are whole batches, the number nearest to the share that was asked for and at
 * least one, drawn at random. They do not depend on the run's seed, so that all restarts of a split
 * are judged on the same examples.
 */
final class ValidationRows {
  private static final long SEED = 0;

  /** Which step of the stream {@code SUBSET} it is; 0 to 2 are taken by evaluations. */
  private static final long STEP = 3;

  private final int[] train;
  private final int[] validation;

  private ValidationRows(int[] train, int[] validation) {
    this.train = train;
    this.validation = validation;
  }

  /** Rows that train, increasing. */
  int[] train() {
    return train;
  }

  /** Rows that are set aside, a multiple of the batch; none without early stopping. */
  int[] validation() {
    return validation;
  }

  /**
   * How many of a run's training rows are set aside.
   *
   * @throws IllegalArgumentException if early stopping would leave none to train on
   */
  static int count(int rows, Stopping stopping, int batch) {
    return switch (stopping) {
      case Stopping.Never never -> 0;
      case Stopping.Patience patience -> {
        long batches = Math.max(1, Math.round(patience.validation() * rows / batch));
        long count = batches * batch;
        if (!(count < rows)) {
          throw new IllegalArgumentException(
              "early stopping (%s) sets aside %d of %d training examples, whole batches of %d, and leaves none to train on"
                  .formatted(patience.text(), count, rows, batch));
        }
        yield (int) count;
      }
    };
  }

  /**
   * Parts a run's training rows.
   *
   * @throws IllegalArgumentException if early stopping would leave none to train on
   */
  static ValidationRows of(int[] rows, Stopping stopping, int batch) {
    int count = count(rows.length, stopping, batch);
    if (count == 0) {
      return new ValidationRows(rows, new int[0]);
    }
    int[] shuffled = rows.clone();
    RunRandom.of(SEED, RunRandom.Stream.SUBSET, STEP).shuffle(shuffled);
    int[] validation = Arrays.copyOf(shuffled, count);
    int[] train = Arrays.copyOfRange(shuffled, count, rows.length);
    Arrays.sort(validation);
    Arrays.sort(train);
    return new ValidationRows(train, validation);
  }
}
