package org.ratescope.cli;

import org.ratescope.plan.Planner;
import org.ratescope.plan.Stacking;
import org.ratescope.run.LocalRunner;
import org.ratescope.torch.Device;
import org.ratescope.torch.Engine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where models are computed: on the CPU's cores, or on one GPU. */
final class DeviceOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private Device device = Device.CPU;
  private boolean ready;

  @Option(
      names = "--tf32",
      description =
          "Let the GPU round the factors of float32 products to 10 bits, which is faster; records"
              + " say so.")
  private boolean tf32;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "cpu, or a GPU: cuda (the first) or cuda:N; see docs/gpu.md (default: cpu). Several GPUs"
              + " are used by a call for each.")
  void set(String text) {
    try {
      device = Device.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--device: " + e.getMessage(), e);
    }
  }

  /**
   * The device, there and ready.
   *
   * @throws WrongCall if it is not there, saying what is missing and what to do
   */
  Device get() {
    if (tf32 && device.isCpu()) {
      throw new WrongCall("--tf32 says nothing without --device cuda");
    }
    if (!ready && !device.isCpu()) {
      try {
        Device unused = device.require();
      } catch (IllegalArgumentException e) {
        throw new WrongCall("--device " + e.getMessage());
      }
      Engine.allowTf32(tf32);
      ready = true;
    }
    return device;
  }

  /** How many cohorts are computed at once: one on a GPU, else as many as were asked for. */
  int workers(WorkersOption workers) {
    if (device.isCpu()) {
      return workers.count();
    }
    if (workers.isGiven() && workers.count() != 1) {
      throw new WrongCall(
          "--workers must be 1 with --device %s, came %s: one worker fills a GPU, and another GPU takes another call"
              .formatted(device.text(), workers.count()));
    }
    return 1;
  }

  /** The same planner for cohorts of this device. */
  Planner of(Planner planner) {
    return get().isCpu() ? planner : planner.stacking(Stacking.of(get()));
  }

  /** The same runner on this device. */
  LocalRunner of(LocalRunner runner) {
    return runner.on(get());
  }
}
