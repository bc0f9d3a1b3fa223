package org.ratescope.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Durations of several ways of doing something that took turns: in each round each way was repeated
 * for a while. On a machine whose speed drifts, only figures of one round compare.
 *
 * @param seconds for each way the duration of one repetition, by round
 */
record InterleavedTrials(Map<String, List<Double>> seconds) {

  /**
   * Measures, after a turn of each way that is not counted.
   *
   * @param turn how long a way is repeated in a round; it runs once at least
   * @param settle waits for the work that continues after a way has returned, before the clock is
   *     read
   */
  static InterleavedTrials measure(
      int rounds, double turn, Map<String, Runnable> ways, Runnable settle) {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    ways.values().forEach(way -> repeated(way, turn, settle));
    for (int round = 0; round < rounds; round++) {
      ways.forEach(
          (name, way) ->
              seconds
                  .computeIfAbsent(name, first -> new ArrayList<>())
                  .add(repeated(way, turn, settle)));
    }
    return new InterleavedTrials(seconds);
  }

  private static double repeated(Runnable way, double turn, Runnable settle) {
    settle.run();
    long start = System.nanoTime();
    int times = 0;
    do {
      way.run();
      times++;
    } while (System.nanoTime() - start < turn * 1e9);
    settle.run();
    return (System.nanoTime() - start) / 1e9 / times;
  }

  /** The median duration of one repetition. */
  double median(String way) {
    return median(of(way));
  }

  /** How many times as long the first way took as the second: the median over rounds. */
  double ratio(String way, String other) {
    double[] ratios = new double[of(way).size()];
    Arrays.setAll(ratios, round -> of(way).get(round) / of(other).get(round));
    return median(Arrays.stream(ratios).boxed().toList());
  }

  private List<Double> of(String way) {
    List<Double> durations = seconds.get(way);
    if (durations == null) {
      throw new IllegalArgumentException(
          "way must be one of %s; got %s".formatted(seconds.keySet(), way));
    }
    return durations;
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
