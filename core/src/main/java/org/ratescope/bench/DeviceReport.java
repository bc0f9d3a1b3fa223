package org.ratescope.bench;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ratescope.spec.Training.Products;
import org.ratescope.tensor.CudaDevice;

/**
 * A GPU, its limits, and how near training comes to them.
 *
 * @param machine what it is in
 * @param device as libtorch names it
 * @param gpu the GPU
 * @param limits what it can do at best
 * @param paper what all runs of a suite would take
 */
public record DeviceReport(
    MachineInfo machine,
    String device,
    CudaDevice gpu,
    MachineLimits limits,
    List<DeviceCase> cases,
    Extrapolation paper) {
  public DeviceReport {
    cases = List.copyOf(cases);
  }

  /**
   * How fast the ways of training one case are.
   *
   * @param rooflineSeconds what a step of one model takes at the limits
   * @param ways the eager loop first
   */
  public record DeviceCase(
      BenchCase measured, Roofline cost, double rooflineSeconds, List<DeviceWay> ways) {
    public DeviceCase {
      ways = List.copyOf(ways);
    }

    /** The fastest way, per model, of those whose products round nothing. */
    public DeviceWay best() {
      return ways.stream()
          .filter(way -> !way.way().endsWith(Products.BF16.text()))
          .max(Comparator.comparingDouble(DeviceWay::modelStepsPerSecond))
          .orElseThrow();
    }

    /** Trainable parameters of one model. */
    public long parameters() {
      return measured.layout().parameters();
    }

    Map<String, Object> fields() {
      Map<String, Object> fields = measured.fields(cost, rooflineSeconds);
      fields.put("ways", ways);
      return fields;
    }
  }

  /**
   * How fast one way is.
   *
   * @param k models that a step trains
   * @param modelStepsPerSecond the median over rounds
   * @param timesEager model-steps for each one of the eager loop: the median of the rounds' ratios
   * @param shareOfRoofline the roofline's time in that of a model-step
   * @param shareOfBandwidth the time of Adam's pass at the limit in that of a model-step
   * @param shareOfMemory predicted state and buffers in the GPU's memory; 0 for the eager loop
   */
  public record DeviceWay(
      String way,
      int k,
      double modelStepsPerSecond,
      double timesEager,
      double shareOfRoofline,
      double shareOfBandwidth,
      double shareOfMemory) {}

  /** Names and values, as they stand in the JSON form (docs/gpu.md). */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("machine", machine);
    fields.put("device", device);
    fields.put("gpu", gpu.name());
    fields.put("gpuBytes", gpu.bytes());
    fields.put("limits", limits);
    fields.put("cases", cases.stream().map(DeviceCase::fields).toList());
    fields.put("paper", paper.fields());
    return fields;
  }
}
