package org.ratescope.train;

import org.ratescope.spec.RunRandom;

/**
 * Which examples a run's batches hold. The training rows are shuffled anew for each epoch and the
 * epochs follow each other without a gap, so every example is used equally often and every batch is
 * full, whatever the sizes. A pure function of (seed, step); the shuffled rows of the current epoch
 * are kept only to save time.
 */
final class BatchSampler {
  private final long seed;
  private final int[] rows;
  private final int batch;
  private final boolean shuffles;
  private long epoch = -1;
  private int[] order = {};

  private BatchSampler(long seed, int[] rows, int batch, boolean shuffles) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("a run needs at least one training example; got none");
    }
    this.seed = seed;
    this.rows = rows;
    this.batch = batch;
    this.shuffles = shuffles;
  }

  /**
   * Batches of shuffled epochs, as training takes them.
   *
   * @param rows the training rows, at least one
   * @param batch examples in a batch
   */
  static BatchSampler shuffled(long seed, int[] rows, int batch) {
    return new BatchSampler(seed, rows, batch, true);
  }

  /** Batches in the order of the rows, over and over. */
  static BatchSampler inOrder(int[] rows, int batch) {
    return new BatchSampler(0, rows, batch, false);
  }

  /** Writes the rows of that step's batch. */
  void write(int step, long[] into, int offset) {
    long position = (long) step * batch;
    for (int i = 0; i < batch; i++, position++) {
      into[offset + i] = epoch(position / rows.length)[(int) (position % rows.length)];
    }
  }

  private int[] epoch(long number) {
    if (!shuffles) {
      return rows;
    }
    if (epoch != number) {
      order = rows.clone();
      RunRandom.of(seed, RunRandom.Stream.ORDER, number).shuffle(order);
      epoch = number;
    }
    return order;
  }
}
