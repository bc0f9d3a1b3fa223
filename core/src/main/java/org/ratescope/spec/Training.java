package org.ratescope.spec;

import org.ratescope.spec.text.Checks;

/**
 * How a run is trained: Adam with amsgrad on batches drawn without replacement (section 4.3, Table
 * A1).
 *
 * @param iterations parameter updates, at least 1
 * @param batch examples per update, at least 1
 * @param learningRate Adam's step size, finite and above 0
 * @param precision floating-point format of parameters and arithmetic
 * @param stopping whether a run may end before the last update
 */
public record Training(
    int iterations, int batch, double learningRate, Precision precision, Stopping stopping) {
  public static final int MAX_BATCH = 1 << 16;

  public Training {
    Checks.atLeast("iterations", iterations, 1);
    Checks.within("batch", batch, 1, MAX_BATCH);
    Checks.positive("learning rate", learningRate);
  }

  /** Training that carries out all iterations. */
  public Training(int iterations, int batch, double learningRate, Precision precision) {
    this(iterations, batch, learningRate, precision, new Stopping.Never());
  }

  /** The same in another precision. */
  public Training precision(Precision other) {
    return new Training(iterations, batch, learningRate, other, stopping);
  }

  /** The same with another rule for ending early. */
  public Training stopping(Stopping other) {
    return new Training(iterations, batch, learningRate, precision, other);
  }

  /**
   * Table A1 and the default step size of PyTorch's Adam: 256,000 updates, batch 128, 0.001,
   * float32.
   */
  public static Training paper() {
    return new Training(256_000, 128, 1e-3, Precision.FLOAT32);
  }
}
