package org.ratescope.train;

import org.bytedeco.javacpp.Pointer;

/**
 * Waits until what earlier tests left to the garbage collector is gone, so that counts can be
 * compared.
 */
final class Settled {
  private Settled() {}

  /** Collects until the number of native pointers has stayed the same three times. */
  static void pointers() {
    long before = -1;
    int same = 0;
    for (int i = 0; i < 100 && same < 3; i++) {
      System.gc();
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      long now = Pointer.totalCount();
      same = now == before ? same + 1 : 0;
      before = now;
    }
  }
}
