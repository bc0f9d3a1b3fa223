package org.ratescope.dataset.download;

import java.time.Duration;

/**
 * How long a mirror is waited for.
 *
 * @param connect until a connection stands, above 0
 * @param silence between two pieces of an answer, above 0
 */
public record Timeouts(Duration connect, Duration silence) {
  /** Ten seconds to connect, thirty of silence. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30));

  public Timeouts {
    if (!(connect.toMillis() > 0 && silence.toMillis() > 0)) {
      throw new IllegalArgumentException(
          "time-outs must be at least a millisecond; got %s and %s".formatted(connect, silence));
    }
  }

  static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
