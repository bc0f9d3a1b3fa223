package org.ratescope.model;

import org.ratescope.model.layer.LayerSpec;
import org.ratescope.model.layer.ParameterLayout;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;

/**
 * How much native memory runs take, predicted from their layout: state, buffers and the largest
 * tensors that live for one call. Without the images, which are mapped and shared, and without what
 * the matrix products pack for themselves.
 *
 * @param layout the runs' layout
 * @param precision their floating-point format
 */
public record MemoryEstimate(ParameterLayout layout, Precision precision) {
  /** Weights, gradients and Adam's three moments. */
  private static final int TRAINED_ROWS = 5;

  /** The footprint of runs like that. */
  public static MemoryEstimate of(RunSpec run) {
    return new MemoryEstimate(ParameterLayout.of(run), run.training().precision());
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

  /** Bytes that K runs take while they are trained with batches of that size. */
  public long training(int k, int batch) {
    return TRAINED_ROWS * rows(k)
        + (long) valueBytes() * batch * (k * (forward() + backward()) + transientValues());
  }

  /** Bytes that one run takes while it is evaluated on batches of that size. */
  public long evaluation(int batch) {
    return rows(1) + (long) valueBytes() * batch * (forward() + transientValues());
  }

  /**
   * Values for each example of a batch: images, noise, codes, what the layers compute, and two
   * values a pixel on the way to the distortion.
   */
  private long forward() {
    return 3L * layout.dimensions() + 2L * layout.latentSize() + outputs() + border();
  }

  /** Values for each example of their gradients, and of the images' non-zero values. */
  private long backward() {
    return layout.latentSize() + outputs() + border() + nonZeros();
  }

  /** A quarter of the image twice, each value with its index, where the first layer skips zeros. */
  private long nonZeros() {
    return layout.encoder().getFirst() instanceof LayerSpec.Affine ? layout.dimensions() : 0;
  }

  /** Values for each example that the layers compute. */
  private long outputs() {
    long values = 0;
    for (LayerSpec layer : layout.layers()) {
      values += layer.output().dimensions();
    }
    return values;
  }

  /** Values for each example of an image with its border, where a convolution reads it. */
  private long border() {
    return layout.encoder().getFirst() instanceof LayerSpec.Convolution first
        ? first.padded().dimensions()
        : 0;
  }

  /**
   * Values for each example of the tensors that convolutions make anew, one run at a time: what a
   * layer computes, and what the library makes of it for itself.
   */
  private long transientValues() {
    long largest = 0;
    for (LayerSpec layer : layout.layers()) {
      if (layer instanceof LayerSpec.Convolution convolution) {
        largest = Math.max(largest, convolution.output().dimensions());
      }
    }
    return 2 * largest;
  }
}
