package org.ratescope.progress;

import java.io.IOException;

/**
 * A destination of progress events: files, a server, a page. One thread calls it, for which no
 * worker waits (see {@link AsyncTracker}), so it may be slow. An exception stops this tracker and
 * nothing else.
 */
public interface Tracker {

  /** The name in messages to people. */
  String name();

  /**
   * Takes an event, in the order of {@link Progress}. Several counts of steps may come as one, and
   * a record comes without its loss curve and pictures.
   */
  void accept(ProgressEvent event) throws IOException, InterruptedException;

  /** Called about four times a second, between events: the time to send what was gathered. */
  default void tick() throws IOException, InterruptedException {}

  /** The sweep has ended or was stopped; no call follows. */
  default void close() throws IOException, InterruptedException {}
}
