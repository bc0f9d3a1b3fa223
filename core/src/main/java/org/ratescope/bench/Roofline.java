package org.ratescope.bench;

import org.ratescope.model.ParameterLayout;

/**
 * The least that one training step of one model needs, as a plain implementation of the equations
 * does it: the products with all inputs, zeros among them, and one pass of Adam.
 *
 * @param operations floating-point operations of the products: forward, and the gradients of
 *     weights and inputs, but for the images
 * @param bytes what Adam with amsgrad must read and write, {@link #ADAM_WORDS} words a parameter
 */
public record Roofline(long operations, long bytes) {
  /**
   * Words that move for each parameter: parameter, gradient and three moments are read, all but the
   * gradient are written.
   */
  static final int ADAM_WORDS = 9;

  /** The cost of a float32 step at that batch size. */
  static Roofline of(ParameterLayout layout, int batch) {
    return new Roofline(
        layout.trainingOperations(batch), (long) ADAM_WORDS * Float.BYTES * layout.parameters());
  }

  /**
   * The roofline: seconds at both limits, one after the other. Their sum and not the larger of
   * them, since Adam cannot begin on a weight before its gradient is there, and one core multiplies
   * or waits for memory, hardly both. It can be undercut: by leaving out zeros, or where the
   * parameters stay in a cache.
   */
  double seconds(MachineLimits limits) {
    return operations / limits.productFlopsPerSecond() + bytes / limits.adamBytesPerSecond();
  }
}
