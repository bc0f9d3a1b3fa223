package org.ratescope.bench;

/** Durations on one core of a machine whose speed drifts: the best of several trials. */
final class Clock {
  private Clock() {}

  /** Seconds of the fastest of that many trials, after one that is not counted. */
  static double best(int trials, Runnable work) {
    work.run();
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < trials; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }
}
