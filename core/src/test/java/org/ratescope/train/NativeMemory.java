package org.ratescope.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** Native memory that JavaCPP counts for the whole process. */
final class NativeMemory {
  /** Bytes and number of all native pointers. */
  private record Use(long bytes, long pointers) {
    static Use now() {
      return new Use(Pointer.totalBytes(), Pointer.totalCount());
    }
  }

  private NativeMemory() {}

  /**
   * Asserts that {@code steps} leave as many bytes and pointers as they found.
   *
   * <p>Garbage of earlier tests may be freed meanwhile, by a thread of its own, and lowers both
   * numbers. So the steps run up to three times: a leak raises the numbers every time.
   */
  static void staysFlatOver(Runnable steps) {
    List<Use> before = new ArrayList<>();
    List<Use> after = new ArrayList<>();
    do {
      awaitDeallocation();
      before.add(Use.now());
      steps.run();
      after.add(Use.now());
    } while (before.size() < 3 && shrank(before.getLast(), after.getLast()));
    assertThat(after.getLast())
        .as("before %s, after %s", before, after)
        .isEqualTo(before.getLast());
  }

  private static boolean shrank(Use before, Use after) {
    return after.bytes() < before.bytes() || after.pointers() < before.pointers();
  }

  /** Collects until the number of native pointers has stayed the same three times. */
  private static void awaitDeallocation() {
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
