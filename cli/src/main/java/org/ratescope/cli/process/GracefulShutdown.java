package org.ratescope.cli.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What is done when the process is told to stop, by Ctrl-C or SIGTERM, while it works: the working
 * thread is interrupted, so that cohorts write checkpoints and leases are given back, and is waited
 * for, but not long. The exit code is then the virtual machine's: 128 and the signal's number.
 */
public final class GracefulShutdown {
  /** Leaves a second of the five that schedulers and people wait. */
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
   * From now on.
   *
   * @param working the thread that works
   * @param last what is done at last, such as saying how to go on
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
      // nothing is waited for any more
    }
  }

  /** The work has ended, by itself or since it was interrupted. */
  public void workHasEnded() {
    ended.countDown();
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending: the hook runs
    }
  }
}
