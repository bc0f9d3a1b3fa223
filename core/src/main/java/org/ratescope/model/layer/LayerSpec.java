package org.ratescope.model.layer;

import java.util.List;

/**
 * One layer and the places of its parameters in a run's row. Between convolutions values lie
 * channels last. A new layer is one class that implements this interface.
 */
public interface LayerSpec {

  /** What it reads, from each of its sources. */
  ImageShape input();

  /** What it computes. */
  ImageShape output();

  /** Its parameters with PyTorch's names, in PyTorch's order, and their initial values. */
  List<ParameterGroup> parameters();

  /** Multiplications of its products for one example, those with padding among them. */
  long multiplications();

  /** Values for each example that the layer holds from its forward pass. */
  default long values() {
    return output().dimensions();
  }

  /** Values for each example that the layer holds for its backward pass. */
  default long gradientValues() {
    return output().dimensions();
  }

  /** Values for each example that live during one call, for one run or for all K at once. */
  default Transient transientValues() {
    return Transient.NONE;
  }

  /**
   * Values for each example that live during one call.
   *
   * @param ofOneRun where the layer computes one run after the other
   * @param ofEachRun where it computes all runs at once
   */
  record Transient(long ofOneRun, long ofEachRun) {
    public static final Transient NONE = new Transient(0, 0);
  }

  /** The layer of K runs with its buffers. */
  Layer bind(Binding binding);
}
