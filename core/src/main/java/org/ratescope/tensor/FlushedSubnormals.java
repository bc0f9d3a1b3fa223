package org.ratescope.tensor;

import org.bytedeco.pytorch.Context;

/**
 * Lets the calling thread compute with 0 in place of subnormal numbers (float32 below 1.2·10⁻³⁸) as
 * long as it is open. Processors need up to a hundred times as long for subnormal numbers, and
 * Adam's moments of parameters without a gradient pass through them as they decay. Has no effect on
 * a GPU, or where the processor cannot.
 */
public final class FlushedSubnormals implements AutoCloseable {
  private static final FlushedSubnormals OPEN = new FlushedSubnormals();

  private FlushedSubnormals() {}

  /** Begins; not to be nested. */
  public static FlushedSubnormals open() {
    Context.setFlushDenormal(true);
    return OPEN;
  }

  @Override
  public void close() {
    Context.setFlushDenormal(false);
  }
}
