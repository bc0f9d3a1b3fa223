package org.ratescope.bench;

import java.util.List;
import java.util.Map;

/**
 * How fast the ways of training one case are.
 *
 * @param measured the case
 * @param cost the least that a step of one model needs
 * @param rooflineSeconds what that takes at the machine's limits
 * @param ways the eager loop first
 * @param workers Ratescope's own K by two workers on two cores at once, as a multiple of one
 *     worker; 0 on a machine of one core
 */
public record CaseSpeed(
    BenchCase measured,
    Roofline cost,
    double rooflineSeconds,
    List<WaySpeed> ways,
    double workers) {
  public CaseSpeed {
    ways = List.copyOf(ways);
  }

  /**
   * How fast one way is.
   *
   * @param way its name
   * @param k models that a step trains
   * @param modelStepsPerSecond the median over rounds
   * @param timesEager model-steps for each one of the eager loop: the median of the rounds' ratios
   * @param shareOfRoofline the roofline's time in that of a model-step
   * @param bytes predicted memory of state and buffers; 0 where nothing predicts it
   */
  public record WaySpeed(
      String way,
      int k,
      double modelStepsPerSecond,
      double timesEager,
      double shareOfRoofline,
      long bytes) {}

  /** Trainable parameters of one model. */
  public long parameters() {
    return measured.layout().parameters();
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = measured.fields(cost, rooflineSeconds);
    fields.put("ways", ways);
    fields.put("twoWorkers", workers);
    return fields;
  }
}
