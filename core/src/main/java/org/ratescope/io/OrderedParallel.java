package org.ratescope.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Computes numbered pieces in parallel on all cores; the calling thread receives the results in
 * order.
 */
public final class OrderedParallel {
  private OrderedParallel() {}

  /** Receives the result of a piece, on the calling thread. */
  public interface Taker<T> {
    void take(int piece, T result) throws IOException;
  }

  /** Returns the work for a piece; called in the order of the pieces, on the calling thread. */
  public interface Giver<T> {
    Callable<T> work(int piece) throws IOException;
  }

  /**
   * Computes the pieces 0..{@code pieces}-1 in parallel, a few ahead of the receiver.
   *
   * @throws IOException if the source, a piece or the receiver threw it
   */
  public static <T> void inOrder(int pieces, Giver<T> giver, Taker<T> taker) throws IOException {
    int cores = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(cores, OrderedParallel::daemon);
    try {
      Queue<Future<T>> ahead = new ArrayDeque<>();
      int submitted = 0;
      for (int piece = 0; piece < pieces; piece++) {
        while (submitted < pieces && submitted < piece + 2 * cores + 1) {
          ahead.add(pool.submit(giver.work(submitted++)));
        }
        taker.take(piece, result(ahead.remove()));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable runnable) {
    Thread thread = new Thread(runnable, "ratescope-images");
    thread.setDaemon(true);
    return thread;
  }

  private static <T> T result(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while working on images");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException("working on images", e.getCause());
    }
  }
}
