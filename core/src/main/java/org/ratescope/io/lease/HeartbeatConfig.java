package org.ratescope.io.lease;

import java.time.Duration;

/**
 * How often a process says that it is alive, and how long others wait for that.
 *
 * @param beat between two beats of a living process
 * @param patience after which a process that was not seen to beat may be taken over from, by the
 *     clock of the one who watches; several beats, and longer than a shared file system keeps what
 *     it has read (NFS: a minute)
 */
public record HeartbeatConfig(Duration beat, Duration patience) {
  /** A beat every ten seconds, two minutes of patience. */
  public static final HeartbeatConfig STANDARD =
      new HeartbeatConfig(Duration.ofSeconds(10), Duration.ofMinutes(2));

  public HeartbeatConfig {
    if (!(beat.isPositive() && patience.compareTo(beat.multipliedBy(3)) >= 0)) {
      throw new IllegalArgumentException(
          "got a patience of %s with a heartbeat of %s; expected at least three heartbeats".formatted(patience, beat));
    }
  }
}
