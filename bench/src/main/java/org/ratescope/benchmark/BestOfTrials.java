package org.ratescope.benchmark;

import java.util.LinkedHashMap;
import java.util.Map;

/** Durations on one core of a machine whose speed drifts: the best of several trials. */
final class BestOfTrials {
  private BestOfTrials() {}

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

  /**
   * Seconds of the fastest of that many rounds for each way of doing something, after one that is
   * not counted. The ways take turns.
   */
  static Map<String, Double> interleaved(int rounds, Map<String, Runnable> ways) {
    Map<String, Double> best = new LinkedHashMap<>();
    ways.values().forEach(Runnable::run);
    for (int round = 0; round < rounds; round++) {
      ways.forEach(
          (name, work) -> {
            long start = System.nanoTime();
            work.run();
            best.merge(name, (System.nanoTime() - start) / 1e9, Math::min);
          });
    }
    return best;
  }
}
