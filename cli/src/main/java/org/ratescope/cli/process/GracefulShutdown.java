package org.ratescope.cli.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Handles Ctrl-C and SIGTERM during work: interrupts the working thread, so that cohorts write
 * checkpoints and leases are released, and waits for it for a short time. The exit code is then the
 * virtual machine's: 128 and the signal's number.
 */
public final class GracefulShutdown {
  /** Leaves one second of the five that schedulers and users wait. */
  private static final long PATIENCE_MILLIS = 4000;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  private GracefulShutdown(Thread working, Runnable last) {
    hook =
        new Thread(
            () -> {
              working.interrupt();
              awaitEnd();
              last.run();
            },
            "farewell");
  }

  /**
   * Installs the hook.
   *
   * @param working the working thread
   * @param last the last action, such as a message on how to resume
   */
  public static GracefulShutdown of(Thread working, Runnable last) {
    GracefulShutdown farewell = new GracefulShutdown(working, last);
    Runtime.getRuntime().addShutdownHook(farewell.hook);
    return farewell;
  }

  private void awaitEnd() {
    try {
      boolean unused = ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // nothing to wait for any more
    }
  }

  /** The work has ended, by itself or after the interrupt. */
  public void workHasEnded() {
    ended.countDown();
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending: the hook runs
    }
  }
}
