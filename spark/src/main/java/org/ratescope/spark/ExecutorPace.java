package org.ratescope.spark;

import java.io.Serializable;
import java.time.Duration;
import org.ratescope.io.lease.HeartbeatConfig;

/**
 * How often executors write, as the driver sends it to them.
 *
 * @param checkpoints time between two checkpoints of a cohort
 * @param beat as in {@link HeartbeatConfig}
 * @param patience as in {@link HeartbeatConfig}
 */
record ExecutorPace(Duration checkpoints, Duration beat, Duration patience)
    implements Serializable {
  static final ExecutorPace STANDARD =
      new ExecutorPace(
          Duration.ofMinutes(1),
          HeartbeatConfig.STANDARD.beat(),
          HeartbeatConfig.STANDARD.patience());

  ExecutorPace checkpoints(Duration other) {
    return new ExecutorPace(other, beat, patience);
  }

  ExecutorPace heartbeats(HeartbeatConfig other) {
    return new ExecutorPace(checkpoints, other.beat(), other.patience());
  }

  HeartbeatConfig heartbeats() {
    return new HeartbeatConfig(beat, patience);
  }
}
