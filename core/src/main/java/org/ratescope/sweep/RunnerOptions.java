package org.ratescope.sweep;

import java.time.Duration;
import org.ratescope.estimate.Estimators;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.tensor.Device;

/** The options of a {@link LocalRunner}, which changes copies only. */
final class RunnerOptions {
  int workers = Runtime.getRuntime().availableProcessors();
  Device device = Device.CPU;
  Duration checkpointEvery = Duration.ofMinutes(1);
  Estimators estimators = Estimators.standard();
  HeartbeatConfig pace = HeartbeatConfig.STANDARD;
  boolean waits = true;
  int allowedFailures = Integer.MAX_VALUE;

  RunnerOptions() {}

  RunnerOptions(RunnerOptions other) {
    workers = other.workers;
    device = other.device;
    checkpointEvery = other.checkpointEvery;
    estimators = other.estimators;
    pace = other.pace;
    waits = other.waits;
    allowedFailures = other.allowedFailures;
  }
}
