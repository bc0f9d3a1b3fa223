package org.ratescope.progress;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ratescope.results.RunRecord;

/**
 * Passes events to a {@link Tracker} through a bounded queue and a thread of its own, so that no
 * worker waits for the tracker. When half of the queue is full, it drops losses and notes, which
 * leaves space for the starts and ends of runs; it drops these when the queue is full. It reports
 * the first dropped event, and a tracker that fails by an exception or an error; the sweep
 * continues.
 */
public final class AsyncTracker implements Progress, AutoCloseable {
  private static final ProgressEvent.StepsMade NONE_MADE = new ProgressEvent.StepsMade(0, 0);
  private static final ProgressEvent.StepsResumed NONE_RESUMED =
      new ProgressEvent.StepsResumed(0, 0);

  /** Events that may wait: some megabytes. */
  private static final int CAPACITY = 20_000;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TICK = Duration.ofMillis(250);

  private final Tracker tracker;
  private final Consumer<String> notes;
  private final int capacity;
  private final Duration closeTimeout;
  private final Thread thread;
  private final ArrayDeque<ProgressEvent> waiting = new ArrayDeque<>();
  private ProgressEvent.StepsMade made = NONE_MADE;
  private ProgressEvent.StepsResumed resumed = NONE_RESUMED;
  private int dropped;
  private boolean off;
  private boolean closed;

  private AsyncTracker(
      Tracker tracker, Consumer<String> notes, int capacity, Duration closeTimeout) {
    this.tracker = tracker;
    this.notes = notes;
    this.capacity = capacity;
    this.closeTimeout = closeTimeout;
    this.thread =
        Thread.ofPlatform().daemon().name("tracker-" + tracker.name()).unstarted(this::work);
  }

  /**
   * Starts the thread.
   *
   * @param notes receives, from any thread, messages about failures of the tracker
   */
  public static AsyncTracker of(Tracker tracker, Consumer<String> notes) {
    return of(tracker, notes, CAPACITY, CLOSE_TIMEOUT);
  }

  /**
   * The same with other limits.
   *
   * @param capacity events that may wait
   * @param closeTimeout how long {@link #close} waits for the tracker
   */
  static AsyncTracker of(
      Tracker tracker, Consumer<String> notes, int capacity, Duration closeTimeout) {
    AsyncTracker async = new AsyncTracker(tracker, notes, capacity, closeTimeout);
    async.thread.start();
    return async;
  }

  @Override
  public void accept(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.StepsResumed steps -> count(steps);
      case ProgressEvent.StepsMade steps -> count(steps);
      case ProgressEvent.RunRecorded runRecorded ->
          offer(
              capacity,
              new ProgressEvent.RunRecorded(withoutCurveAndPictures(runRecorded.record())));
      case ProgressEvent.SweepStarted started -> offer(capacity, started);
      case ProgressEvent.RunsStarted started -> offer(capacity, started);
      default -> offer(capacity / 2, event);
    }
  }

  private synchronized void count(ProgressEvent.StepsResumed steps) {
    resumed =
        new ProgressEvent.StepsResumed(
            resumed.modelSteps() + steps.modelSteps(), resumed.operations() + steps.operations());
  }

  private synchronized void count(ProgressEvent.StepsMade steps) {
    made =
        new ProgressEvent.StepsMade(
            made.modelSteps() + steps.modelSteps(), made.operations() + steps.operations());
  }

  private static RunRecord withoutCurveAndPictures(RunRecord record) {
    return new RunRecord(
        record.spec(),
        record.outcome(),
        record.evaluation(),
        record.estimates(),
        List.of(),
        List.of(),
        record.provenance());
  }

  private void offer(int limit, ProgressEvent event) {
    boolean first = false;
    synchronized (this) {
      if (off || closed) {
        return;
      }
      if (waiting.size() < limit) {
        waiting.add(event);
        notifyAll();
      } else {
        first = dropped++ == 0;
      }
    }
    if (first) {
      notes.accept(
          "%s is slower than the sweep: some of what it would show is left out"
              .formatted(tracker.name()));
    }
  }

  private void work() {
    try {
      while (deliver(take())) {
        tracker.tick();
      }
      tracker.tick();
      tracker.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // close() reports it
    } catch (IOException | RuntimeException | Error e) {
      end(); // first: the waiting events may be what fills the memory
      notes.accept("%s is off: %s".formatted(tracker.name(), words(e)));
    } finally {
      end();
    }
  }

  private synchronized void end() {
    off = true;
    waiting.clear();
  }

  private static String words(Throwable e) {
    String message = e.getMessage();
    return e instanceof IOException && message != null ? message : e.toString();
  }

  /** Waits a tick for events, then takes all. */
  private synchronized List<ProgressEvent> take() throws InterruptedException {
    long deadline = System.nanoTime() + TICK.toNanos();
    long left = TICK.toNanos();
    while (!closed && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    List<ProgressEvent> taken = new ArrayList<>(waiting);
    waiting.clear();
    if (resumed.modelSteps() != 0) { // negative for a cohort that is divided
      taken.add(resumed);
      resumed = NONE_RESUMED;
    }
    if (made.modelSteps() > 0) {
      taken.add(made);
      made = NONE_MADE;
    }
    return taken;
  }

  /** Whether there may be more. */
  private boolean deliver(List<ProgressEvent> events) throws IOException, InterruptedException {
    for (ProgressEvent event : events) {
      tracker.accept(event);
    }
    synchronized (this) {
      return !closed || !waiting.isEmpty();
    }
  }

  /** How many events were dropped so far. */
  synchronized int dropped() {
    return dropped;
  }

  /**
   * Lets the tracker finish, for a few seconds at most; reports when the rest is lost. A second
   * call does nothing.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    try {
      if (!thread.join(closeTimeout)) {
        notes.accept(
            "%s did not take everything within %s: the rest is not told there"
                .formatted(tracker.name(), seconds(closeTimeout)));
        thread.interrupt();
      } else if (dropped() > 1) {
        notes.accept("%s: %s messages were left out".formatted(tracker.name(), dropped()));
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
