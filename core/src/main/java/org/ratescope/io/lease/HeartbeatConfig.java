package org.ratescope.io.lease;

import java.time.Duration;

/**
 * How often a process writes a heartbeat, and how long others wait for one.
 *
 * @param beat time between two heartbeats of a living process
 * @param patience time after which another process may take over the leases of a process without a
 *     heartbeat, measured by the other process's clock; several heartbeats, and longer than a
 *     shared file system caches data (NFS: a minute)
 */
public record HeartbeatConfig(Duration beat, Duration patience) {
  /** A heartbeat every ten seconds, two minutes of patience. */
  public static final HeartbeatConfig STANDARD =
      new HeartbeatConfig(Duration.ofSeconds(10), Duration.ofMinutes(2));

  public HeartbeatConfig {
    if (!(beat.isPositive() && patience.compareTo(beat.multipliedBy(3)) >= 0)) {
      throw new IllegalArgumentException(
          "got a patience of %s with a heartbeat of %s; expected at least three heartbeats"
              .formatted(patience, beat));
    }
  }
}
