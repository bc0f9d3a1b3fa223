package org.ratescope.model;

import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Tensors;

/**
 * One value for each parameter of K runs (weights, gradients or moments), in one tensor with a row
 * for each run.
 */
public final class Parameters {
  private final ParameterLayout layout;
  private final Tensor rows;

  private Parameters(ParameterLayout layout, Tensor rows) {
    this.layout = layout;
    this.rows = rows;
  }

  /** Zeros for K runs. */
  public static Parameters zeros(ParameterLayout layout, ScalarType type, int k) {
    return new Parameters(layout, Tensors.zeros(type, k, layout.size()));
  }

  /** Zeros for K runs on a device. */
  public static Parameters zeros(
      ParameterLayout layout, Precision precision, int k, Device device) {
    return new Parameters(layout, Tensors.empty(device, type(precision), k, layout.size()).zero_());
  }

  /** Zeros for K runs of that precision. */
  public static Parameters zeros(ParameterLayout layout, Precision precision, int k) {
    return zeros(layout, type(precision), k);
  }

  /** The tensor type of a precision. */
  public static ScalarType type(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> ScalarType.Float;
      case FLOAT64 -> ScalarType.Double;
    };
  }

  /** Where each parameter is in a row. */
  public ParameterLayout layout() {
    return layout;
  }

  /** All values. [K, P] */
  public Tensor rows() {
    return rows;
  }

  /** The values of one run, a view. [P] */
  public Tensor row(int k) {
    return rows.select(0, k);
  }

  /**
   * The runs from {@code k} on, {@code count} of them, as parameters of their own that share the
   * memory.
   */
  public Parameters range(int k, int count) {
    return new Parameters(layout, rows.narrow(0, k, count));
  }

  /**
   * Draws a run's initial parameters, in PyTorch's order, so that the same numbers mean the same
   * weights whatever the layout in memory.
   */
  public void initialize(int k, long seed) {
    double[] row = new double[Math.toIntExact(layout.size())];
    int stream = 0;
    for (ParameterGroup group : layout.groups()) {
      RunRandom random = RunRandom.of(seed, RunRandom.Stream.INITIALIZATION, stream++);
      long next = 0;
      for (ParameterView view : group.views()) {
        long first = next;
        numbers(view.count())
            .forEach(
                i -> row[(int) view.place(i)] = group.initialization().value(random, first + i));
        next += view.count();
      }
    }
    Tensors.write(row, row(k));
  }

  /** From 0; by all cores where a GPU waits for hundreds of models, by the worker's own else. */
  private LongStream numbers(long count) {
    LongStream numbers = LongStream.range(0, count);
    return rows.is_cpu() ? numbers : numbers.parallel();
  }
}
