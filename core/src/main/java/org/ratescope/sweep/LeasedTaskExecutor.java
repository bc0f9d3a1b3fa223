package org.ratescope.sweep;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.io.lease.Lease;
import org.ratescope.io.lease.Leases;

/**
 * Carries out the tasks of a plan with this process's workers, while other processes may work on
 * the same plan: a task needs a lease, and the executor waits for tasks that others hold, or leaves
 * them.
 */
final class LeasedTaskExecutor {
  private final Leases leases;
  private final int workers;
  private final boolean waits;
  private final HeartbeatConfig pace;
  private final SynchronizedProgress progress;
  private final int allowedFailures;

  LeasedTaskExecutor(
      Leases leases,
      int workers,
      boolean waits,
      HeartbeatConfig pace,
      SynchronizedProgress progress,
      int allowedFailures) {
    this.leases = leases;
    this.workers = workers;
    this.waits = waits;
    this.pace = pace;
    this.progress = progress;
    this.allowedFailures = allowedFailures;
  }

  /**
   * The result of a task.
   *
   * @param unfinished number of runs that did not finish
   * @param done whether all of it is done: another process may hold it, or may have taken it over
   *     during the work, or somebody may have deleted its leases
   */
  private record Try(Task piece, int unfinished, boolean done) {}

  private interface Pooled<T> {
    T on(ExecutorService pool) throws IOException, InterruptedException;
  }

  private <T> T pooled(Pooled<T> work) throws IOException, InterruptedException {
    ThreadFactory threads = Thread.ofPlatform().name("worker-", 0).factory();
    try (ExecutorService pool = Executors.newFixedThreadPool(workers, threads)) {
      try {
        return work.on(pool);
      } finally {
        pool.shutdownNow();
      }
    }
  }

  /** Does the tasks that no other process does; returns those that others hold. */
  List<Task> carryOutFree(List<? extends Task> pieces) throws IOException, InterruptedException {
    List<Task> held = new ArrayList<>();
    int unused = pooled(pool -> round(pieces, false, pool, held));
    return held;
  }

  /**
   * Does all tasks; returns the sum of their results. If a task fails, the others stop at their
   * next step and save their state.
   */
  int carryOut(List<? extends Task> pieces) throws IOException, InterruptedException {
    return pooled(pool -> carryOut(pieces, pool));
  }

  private int carryOut(List<? extends Task> pieces, ExecutorService pool)
      throws IOException, InterruptedException {
    int unfinished = 0;
    String told = "";
    List<Task> left = new ArrayList<>(pieces);
    for (boolean waited = false; !left.isEmpty(); waited = true) {
      List<Task> held = new ArrayList<>();
      unfinished += round(left, waited, pool, held);
      left = held;
      if (!left.isEmpty()) {
        told = tell(left, told);
        if (!waits) {
          break;
        }
        Thread.sleep(pause());
      }
    }
    return unfinished;
  }

  private Duration pause() {
    Duration longest = Duration.ofSeconds(2);
    return pace.beat().compareTo(longest) < 0 ? pace.beat() : longest;
  }

  /** Tries every task once; adds those that others hold to {@code held}. */
  private int round(
      List<? extends Task> pieces, boolean waited, ExecutorService pool, List<Task> held)
      throws IOException, InterruptedException {
    ExecutorCompletionService<Try> finished = new ExecutorCompletionService<>(pool);
    for (Task piece : pieces) {
      Future<Try> unused = finished.submit(() -> attempt(piece, waited));
    }
    int unfinished = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Try result = answer(finished.take());
      unfinished += result.unfinished();
      if (!result.done()) {
        held.add(result.piece());
      }
      if (progress.failed() > allowedFailures) {
        throw new TooManyFailuresException(progress.failed(), allowedFailures);
      }
    }
    return unfinished;
  }

  private static Try answer(Future<Try> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  private Try attempt(Task piece, boolean waited) throws IOException, InterruptedException {
    Optional<Lease> taken = leases.take(piece.names());
    if (taken.isEmpty()) {
      return new Try(piece, 0, false);
    }
    try (Lease lease = taken.get()) {
      int unfinished = piece.carryOut(lease, waited);
      return new Try(piece, unfinished, lease.isDone());
    }
  }

  private String tell(List<Task> held, String told) throws IOException {
    List<String> names = held.stream().flatMap(piece -> piece.names().stream()).toList();
    List<String> holders = leases.holders(names);
    if (holders.isEmpty()) {
      return told; // released at this moment
    }
    String who = String.join(", ", holders);
    if (!who.equals(told)) {
      progress.note(
          waits
              ? "%d pieces of work are leased by %s: waiting for them (those of a process without a heartbeat for %d s are taken over)"
                  .formatted(names.size(), who, pace.patience().toSeconds())
              : "%d pieces of work are leased by %s, and not done here"
                  .formatted(names.size(), who));
    }
    return who;
  }
}
