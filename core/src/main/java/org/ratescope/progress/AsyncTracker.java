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
 * A {@link Tracker} kept aside: calls go into a bounded queue and from there, on a thread of their
 * own, to the sink. A call returns at once, whatever the sink does. When half of the queue is full,
 * losses and notes are left out, so that there is room for the beginnings and ends of runs; these
 * are left out when it is full. What was left out is counted and told once, and so is the end of a
 * sink that fails, by an exception or an error: the sweep goes on.
 */
public final class AsyncTracker implements Progress, AutoCloseable {
  /** Messages that may wait: some megabytes. */
  private static final int CAPACITY = 20_000;

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration TICK = Duration.ofMillis(250);

  private final Tracker sink;
  private final Consumer<String> notes;
  private final int capacity;
  private final Duration patience;
  private final Thread thread;
  private final ArrayDeque<ProgressEvent> waiting = new ArrayDeque<>();
  private long advanced;
  private long resumed;
  private int leftOut;
  private boolean off;
  private boolean closed;

  private AsyncTracker(Tracker sink, Consumer<String> notes, int capacity, Duration patience) {
    this.sink = sink;
    this.notes = notes;
    this.capacity = capacity;
    this.patience = patience;
    this.thread = Thread.ofPlatform().daemon().name("aside-" + sink.name()).unstarted(this::work);
  }

  /**
   * Starts the thread.
   *
   * @param notes told, from any thread, what a person should read about the sink's troubles
   */
  public static AsyncTracker of(Tracker sink, Consumer<String> notes) {
    return of(sink, notes, CAPACITY, PATIENCE);
  }

  /**
   * The same with limits of its own.
   *
   * @param capacity messages that may wait
   * @param patience how long {@link #close} waits for the sink
   */
  static AsyncTracker of(Tracker sink, Consumer<String> notes, int capacity, Duration patience) {
    AsyncTracker aside = new AsyncTracker(sink, notes, capacity, patience);
    aside.thread.start();
    return aside;
  }

  @Override
  public void accept(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.StepsResumed steps -> count(steps.modelSteps(), 0);
      case ProgressEvent.StepsMade steps -> count(0, steps.modelSteps());
      case ProgressEvent.RunRecorded(RunRecord record) ->
          offer(capacity, new ProgressEvent.RunRecorded(withoutCurveAndPictures(record)));
      case ProgressEvent.SweepStarted started -> offer(capacity, started);
      case ProgressEvent.RunsStarted started -> offer(capacity, started);
      default -> offer(capacity / 2, event);
    }
  }

  private synchronized void count(long modelStepsResumed, long modelStepsMade) {
    resumed += modelStepsResumed;
    advanced += modelStepsMade;
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

  private void offer(int room, ProgressEvent event) {
    boolean first = false;
    synchronized (this) {
      if (off || closed) {
        return;
      }
      if (waiting.size() < room) {
        waiting.add(event);
        notifyAll();
      } else {
        first = leftOut++ == 0;
      }
    }
    if (first) {
      notes.accept(
          "%s is slower than the sweep: some of what it would show is left out"
              .formatted(sink.name()));
    }
  }

  private void work() {
    try {
      while (deliver(take())) {
        sink.tick();
      }
      sink.tick();
      sink.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // close() tells
    } catch (IOException | RuntimeException | Error e) {
      end(); // at once: what waits may be what fills the memory
      notes.accept("%s is off: %s".formatted(sink.name(), words(e)));
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

  /** Waits a tick for messages, then takes all there are; the last one says that this was all. */
  private synchronized List<ProgressEvent> take() throws InterruptedException {
    long deadline = System.nanoTime() + TICK.toNanos();
    long left = TICK.toNanos();
    while (!closed && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    List<ProgressEvent> taken = new ArrayList<>(waiting);
    waiting.clear();
    long again = resumed;
    long more = advanced;
    resumed = 0;
    advanced = 0;
    if (again > 0) {
      taken.add(new ProgressEvent.StepsResumed(again));
    }
    if (more > 0) {
      taken.add(new ProgressEvent.StepsMade(more));
    }
    return taken;
  }

  /** Whether there may be more. */
  private boolean deliver(List<ProgressEvent> events) throws IOException, InterruptedException {
    for (ProgressEvent event : events) {
      sink.accept(event);
    }
    synchronized (this) {
      return !closed || !waiting.isEmpty();
    }
  }

  /** How much was left out so far. */
  synchronized int leftOut() {
    return leftOut;
  }

  /**
   * Lets the sink finish, for a few seconds at most; what it has not taken by then is lost, and
   * that is told. A second call does nothing.
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
      if (!thread.join(patience)) {
        notes.accept(
            "%s did not take everything within %s: the rest is not told there"
                .formatted(sink.name(), seconds(patience)));
        thread.interrupt();
      } else if (leftOut() > 1) {
        notes.accept("%s: %d messages were left out".formatted(sink.name(), leftOut()));
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
