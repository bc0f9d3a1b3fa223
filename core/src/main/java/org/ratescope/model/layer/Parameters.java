package org.ratescope.model.layer;

import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
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

  /** Where each layer stands in a row. */
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

  /** A layer's weights, a view. [K, in, out] */
  Tensor weight(LayerSpec.Affine layer) {
    return rows.narrow(1, layer.weightOffset(), layer.weights())
        .view(rows.size(0), layer.in(), layer.out());
  }

  /** A layer's biases, a view. [K, 1, out] */
  Tensor bias(LayerSpec.Affine layer) {
    return rows.narrow(1, layer.biasOffset(), layer.biases()).view(rows.size(0), 1, layer.out());
  }

  /** A layer's kernels in one run, a view. [inner, outer, 4, 4] */
  Tensor weight(LayerSpec.Convolution layer, int k) {
    return layer.named().getFirst().weight().of(row(k));
  }

  /** A layer's biases in one run, a view. [out] */
  Tensor bias(LayerSpec.Convolution layer, int k) {
    return layer.named().getFirst().bias().of(row(k));
  }

  /**
   * Draws a run's initial weights as PyTorch's {@code Linear}, {@code Conv2d} and {@code
   * ConvTranspose2d} do: weights and biases uniform within ±1/√fanIn. In PyTorch's order, so that
   * the same numbers mean the same weights whatever the layout in memory.
   */
  public void initialize(int k, long seed) {
    double[] row = new double[Math.toIntExact(layout.size())];
    int stream = 0;
    for (LayerSpec layer : layout.layers()) {
      double bound = 1 / Math.sqrt(layer.fanIn());
      for (LayerSpec.Named named : layer.named()) {
        RunRandom random = RunRandom.of(seed, RunRandom.Stream.INITIALIZATION, stream++);
        long next = 0;
        for (ParameterView view : List.of(named.weight(), named.bias())) {
          long first = next;
          numbers(view.count())
              .forEach(i -> row[(int) view.place(i)] = bound * (2 * random.uniform(first + i) - 1));
          next += view.count();
        }
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
