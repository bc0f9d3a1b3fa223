package org.ratescope.model;

import org.ratescope.model.layer.LayerSpec;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Stopping;

/**
 * How much native memory runs take, predicted from their layout: state, buffers and the largest
 * tensors that live for one call. Without the images, which are mapped and shared, and without what
 * the matrix products pack for themselves.
 *
 * @param layout the runs' layout
 * @param precision their floating-point format
 * @param keepsBest whether their state has the weights with the smallest validation loss too
 */
public record MemoryEstimate(ParameterLayout layout, Precision precision, boolean keepsBest) {
  /** Weights and Adam's three moments. */
  private static final int STATE_ROWS = 4;

  /** The estimate for runs without early stopping. */
  public MemoryEstimate(ParameterLayout layout, Precision precision) {
    this(layout, precision, false);
  }

  /** The estimate for runs of that kind. */
  public static MemoryEstimate of(RunSpec run) {
    return new MemoryEstimate(
        ParameterLayout.of(run),
        run.training().precision(),
        run.training().stopping() instanceof Stopping.Patience);
  }

  /** Bytes of one value. */
  public int valueBytes() {
    return switch (precision) {
      case FLOAT32 -> Float.BYTES;
      case FLOAT64 -> Double.BYTES;
    };
  }

  /** Bytes of one tensor with a row for each of K runs. */
  public long rows(int k) {
    return k * layout.size() * valueBytes();
  }

  /** Bytes of the training state of K runs, as a checkpoint keeps it. */
  public long state(int k) {
    return (STATE_ROWS + (keepsBest ? 1 : 0)) * rows(k);
  }

  /** Bytes that K runs take while they are trained with batches of that size: state and buffers. */
  public long training(int k, int batch) {
    return state(k)
        + rows(k) // gradients
        + k * held()
        + (long) valueBytes() * batch * (k * (forward() + backward()) + transientValues(k));
  }

  /** Bytes that one run takes while it is evaluated on batches of that size. */
  public long evaluation(int batch) {
    return rows(1) + held() + (long) valueBytes() * batch * (forward() + transientValues(1));
  }

  /** Bytes that the prior of a run holds. */
  private long held() {
    return valueBytes() * layout.prior().heldValues(layout.encoderGraph());
  }

  /**
   * Values for each example of a batch: images, noise, codes, what the layers hold, and two values
   * a pixel on the way to the distortion.
   */
  private long forward() {
    return 3L * layout.dimensions()
        + 2L * layout.latentSize()
        + layout.layers().stream().mapToLong(LayerSpec::values).sum();
  }

  /** Values for each example that the backward pass holds. */
  private long backward() {
    return layout.latentSize()
        + layout.layers().stream().mapToLong(LayerSpec::gradientValues).sum();
  }

  /** Values for each example that live during one call: of the layer, or the prior, with most. */
  private long transientValues(int k) {
    return layout.layers().stream()
        .map(LayerSpec::transientValues)
        .mapToLong(values -> values.ofOneRun() + k * values.ofEachRun())
        .reduce(k * layout.prior().transientValues(layout.latentSize()), Math::max);
  }
}
