package org.ratescope.tensor;

import org.bytedeco.javacpp.PointerScope;

/**
 * A stretch of code whose native memory is freed at its end: everything made by this thread while
 * the scope is the innermost open one. For packages that hold no tensor themselves.
 */
public final class Scope implements AutoCloseable {
  private final PointerScope scope = new PointerScope();

  @Override
  public void close() {
    scope.close();
  }
}
