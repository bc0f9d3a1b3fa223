package org.ratescope.live;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A connected page and its waiting events: a limited number. If there are more, because the page is
 * slow or disconnected, all are discarded, and the page gets the whole state again.
 */
final class StreamClient {
  static final int LIMIT = 16;

  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private boolean lagging;
  private boolean ended;

  /** The next action. */
  enum Next {
    /** An event is waiting. */
    SEND,
    /** Events were discarded; send the whole state. */
    CATCH_UP,
    /** No event for some time. */
    IDLE,
    /** There will be no more events. */
    END
  }

  /** Adds an event without waiting. */
  synchronized void offer(String event) {
    if (lagging) {
      return;
    }
    if (waiting.size() == LIMIT) {
      waiting.clear();
      lagging = true;
    } else {
      waiting.add(event);
    }
    notifyAll();
  }

  /** Starts again with this event, in place of all waiting or discarded ones. */
  synchronized void restart(String event) {
    waiting.clear();
    lagging = false;
    waiting.add(event);
    notifyAll();
  }

  /** Sends the waiting events, then no more. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits for the next action, at most for that time. */
  synchronized Next await(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = deadline - System.nanoTime();
    while (waiting.isEmpty() && !lagging && !ended && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    if (lagging) {
      return Next.CATCH_UP;
    }
    if (!waiting.isEmpty()) {
      return Next.SEND;
    }
    return ended ? Next.END : Next.IDLE;
  }

  /** The next event, if there still is one. */
  synchronized Optional<String> take() {
    return Optional.ofNullable(waiting.poll());
  }
}
