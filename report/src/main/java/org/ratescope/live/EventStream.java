package org.ratescope.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The connected pages. Only the thread of a page waits for it. */
final class EventStream {
  static final int MOST_CLIENTS = 32;

  /** Interval of comments that keep an idle connection open, and detect that it is closed. */
  private static final long HEARTBEAT_MILLIS = 15_000;

  private final List<StreamClient> clients = new ArrayList<>();

  /** A server-sent event; the JSON has no line breaks. */
  static String event(String name, ObjectNode json) {
    return "event: " + name + "\ndata: " + json + "\n\n";
  }

  /** Sends an event to all pages. */
  synchronized void send(String event) {
    clients.forEach(client -> client.offer(event));
  }

  /** Sends the waiting events, then closes every connection. */
  synchronized void end() {
    clients.forEach(StreamClient::end);
  }

  /** Adds a page; returns false if there are too many. */
  synchronized boolean add(StreamClient client) {
    return clients.size() < MOST_CLIENTS && clients.add(client);
  }

  synchronized void remove(StreamClient client) {
    clients.remove(client);
    notifyAll();
  }

  /** Waits until no page is connected, at most for that time. */
  synchronized void awaitNone(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = deadline - System.nanoTime(); !clients.isEmpty() && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
  }

  /**
   * Writes a page's events until there are no more or the page disconnects.
   *
   * @param client one that was added
   * @param catchUp sends the whole state to a client
   */
  static void serve(StreamClient client, Consumer<StreamClient> catchUp, OutputStream out)
      throws IOException, InterruptedException {
    write("retry: 2000\n\n", out);
    for (var next = StreamClient.Next.CATCH_UP;
        next != StreamClient.Next.END;
        next = client.await(HEARTBEAT_MILLIS)) {
      switch (next) {
        case CATCH_UP -> catchUp.accept(client);
        case SEND -> {
          Optional<String> event = client.take();
          if (event.isPresent()) {
            write(event.get(), out);
          }
        }
        case IDLE -> write(": still here\n\n", out);
        case END -> {}
      }
    }
  }

  private static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
