package org.ratescope.tensor;

import org.bytedeco.javacpp.PointerScope;

/**
 * Frees native memory at the end of a block: all tensors that this thread created while the scope
 * was the innermost open one. For packages that use no tensors themselves.
 */
public final class Scope implements AutoCloseable {
  private final PointerScope scope = new PointerScope();

  @Override
  public void close() {
    scope.close();
  }
}
