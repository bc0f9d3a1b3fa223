package org.ratescope.cli.option;

import org.ratescope.cli.process.UsageException;
import org.ratescope.plan.CohortLimits;
import org.ratescope.plan.Planner;
import org.ratescope.sweep.LocalRunner;
import org.ratescope.tensor.Device;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The device of models: the CPU's cores, or one GPU. */
public final class DeviceOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private Device device = Device.CPU;
  private boolean ready;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "cpu, or a GPU: cuda (the first) or cuda:N; see docs/gpu.md (default: cpu). To use"
              + " several GPUs, start one call for each.")
  void set(String text) {
    try {
      device = Device.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--device: " + e.getMessage(), e);
    }
  }

  /**
   * The device, checked and prepared.
   *
   * @throws UsageException if it does not exist, with the missing part and advice
   */
  public Device get() {
    if (!ready && !device.isCpu()) {
      try {
        Device unused = device.require();
      } catch (IllegalArgumentException e) {
        throw new UsageException("--device " + e.getMessage());
      }
      ready = true;
    }
    return device;
  }

  /** Whether it is the CPU; does not check the device. */
  public boolean isCpu() {
    return device.isCpu();
  }

  /** The number of cohorts computed at the same time: one on a GPU, else the requested number. */
  public int workers(WorkersOption workers) {
    if (device.isCpu()) {
      return workers.count();
    }
    if (workers.isGiven() && workers.count() != 1) {
      throw new UsageException(
          "--workers: got %s; expected 1 with --device %s: one worker fills a GPU; start another call for another GPU"
              .formatted(workers.count(), device.text()));
    }
    return 1;
  }

  /** The same planner for cohorts of this device. */
  public Planner applyTo(Planner planner) {
    return get().isCpu() ? planner : planner.stacking(CohortLimits.of(get()));
  }

  /** The same runner on this device. */
  public LocalRunner applyTo(LocalRunner runner) {
    return runner.on(get());
  }
}
