package org.ratescope.live;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A page that listens, and the events that wait to be sent to it: a bounded number. When more come,
 * because the page is slow or gone, all are thrown away and the page is to get the whole state
 * anew.
 */
final class StreamClient {
  static final int LIMIT = 16;

  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private boolean lagging;
  private boolean ended;

  /** What to do next. */
  enum Next {
    /** An event is there to be sent. */
    SEND,
    /** Events were thrown away: the state is to be sent whole. */
    CATCH_UP,
    /** Nothing came for a while. */
    IDLE,
    /** There will be no more. */
    END
  }

  /** Adds an event; never waits. */
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

  /** Begins again with this event in place of all that waited or was thrown away. */
  synchronized void restart(String event) {
    waiting.clear();
    lagging = false;
    waiting.add(event);
    notifyAll();
  }

  /** What waits is sent, then nothing more. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits until there is something to do, at most that long. */
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
