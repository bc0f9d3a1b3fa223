package org.ratescope.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.spec.Prior;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Scope;
import org.ratescope.train.Cohort;
import org.ratescope.train.TrainStep;
import org.ratescope.train.TrainingState;

/**
 * Training steps of one model with each of several priors, beside those with {@code normal}, which
 * take turns. The time is the CPU time of the thread, so that other load of the machine disturbs a
 * ratio little.
 *
 * @param turn seconds for each prior in a round
 * @param listener hears of each round
 */
public record PriorBench(double turn, BuildListener listener) {
  private static final int ROUNDS = 7;

  /**
   * The cost of a step with a prior.
   *
   * @param prior its text form
   * @param parameters of one run
   * @param seconds CPU time of a step, the median over rounds
   * @param ratio to the time with {@code normal} in the same round, the median over rounds
   */
  public record Cost(String prior, long parameters, double seconds, double ratio) {
    /** By the names of the JSON form. */
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("prior", prior);
      fields.put("parameters", parameters);
      fields.put("cpuSeconds", seconds);
      fields.put("ratio", ratio);
      return fields;
    }
  }

  /** Measures steps of that case, {@code normal} first. */
  public List<Cost> measure(BenchCase measured, List<Prior> priors) {
    Libtorch.useOneThread();
    List<Prior> all = new ArrayList<>(List.of(Prior.normal()));
    priors.stream().filter(prior -> !all.contains(prior)).forEach(all::add);
    try (Scope scope = new Scope()) {
      ImageTensor pool = measured.images();
      int[] rows = IntStream.range(0, BenchCase.IMAGES).toArray();
      List<TrainStep> steps = new ArrayList<>();
      List<Long> parameters = new ArrayList<>();
      for (Prior prior : all) {
        Cohort cohort = measured.cohort(1, prior);
        TrainingState state = TrainingState.initial(cohort);
        parameters.add(state.parameters().layout().parameters());
        steps.add(new TrainStep(cohort, pool, List.of(rows), state));
      }
      double[][] seconds = new double[all.size()][ROUNDS];
      steps.forEach(step -> seconds(step, turn)); // a turn that is not counted
      for (int round = 0; round < ROUNDS; round++) {
        listener.built("steps by prior, rounds", round, ROUNDS);
        for (int i = 0; i < seconds.length; i++) {
          seconds[i][round] = seconds(steps.get(i), turn);
        }
      }
      listener.built("steps by prior, rounds", ROUNDS, ROUNDS);
      return IntStream.range(0, seconds.length)
          .mapToObj(
              i ->
                  new Cost(
                      all.get(i).text(),
                      parameters.get(i),
                      median(seconds[i]),
                      median(ratios(seconds[i], seconds[0]))))
          .toList();
    }
  }

  private static double seconds(TrainStep step, double turn) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    long used;
    int steps = 0;
    do {
      step.step(false);
      steps++;
      used = threads.getCurrentThreadCpuTime() - start;
    } while (used < turn * 1e9);
    return used / 1e9 / steps;
  }

  private static double[] ratios(double[] values, double[] others) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i] / others[i]).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
