package org.ratescope.spec;

import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.EnumText;

/**
 * How a run is trained: Adam with amsgrad on batches drawn without replacement (section 4.3, Table
 * A1).
 *
 * @param iterations parameter updates, at least 1
 * @param batch examples per update, at least 1
 * @param learningRate Adam's step size, finite and above 0
 * @param precision floating-point format of parameters and arithmetic
 * @param stopping whether a run may end before the last update
 * @param products how the products of training round their factors
 */
public record Training(
    int iterations,
    int batch,
    double learningRate,
    Precision precision,
    Stopping stopping,
    Products products) {
  public static final int MAX_BATCH = 1 << 16;

  /**
   * How the products of a float32 run's training round their factors. Sums and parameters are
   * float32 in both cases, and so is every estimate. Products in float64 are never rounded.
   */
  public enum Products {
    /** Not at all. */
    FLOAT32,
    /** To bfloat16, 8 significant bits, by a CPU that multiplies these faster; to TF32 by a GPU. */
    BF16;

    public String text() {
      return EnumText.of(this);
    }

    /** Reads {@link #text}. */
    public static Products parse(String text) {
      return EnumText.parse(Products.class, text);
    }

    /** The form for people. */
    public String displayName() {
      return text() + " products";
    }
  }

  public Training {
    Checks.atLeast("iterations", iterations, 1);
    Checks.within("batch", batch, 1, MAX_BATCH);
    Checks.positive("learning rate", learningRate);
  }

  /** Training whose products do not round their factors. */
  public Training(
      int iterations, int batch, double learningRate, Precision precision, Stopping stopping) {
    this(iterations, batch, learningRate, precision, stopping, Products.FLOAT32);
  }

  /** Training that carries out all iterations. */
  public Training(int iterations, int batch, double learningRate, Precision precision) {
    this(iterations, batch, learningRate, precision, new Stopping.Never());
  }

  /** The same in another precision. */
  public Training precision(Precision other) {
    return new Training(iterations, batch, learningRate, other, stopping, products);
  }

  /** The same with another rule for ending early. */
  public Training stopping(Stopping other) {
    return new Training(iterations, batch, learningRate, precision, other, products);
  }

  /** The same with products that round otherwise. */
  public Training products(Products other) {
    return new Training(iterations, batch, learningRate, precision, stopping, other);
  }

  /** Whether products round their factors to bfloat16. */
  public boolean roundsProducts() {
    return products == Products.BF16 && precision == Precision.FLOAT32;
  }

  /**
   * Table A1 and the default step size of PyTorch's Adam: 256,000 updates, batch 128, 0.001,
   * float32.
   */
  public static Training paper() {
    return new Training(256_000, 128, 1e-3, Precision.FLOAT32);
  }
}
