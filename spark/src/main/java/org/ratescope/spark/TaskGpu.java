package org.ratescope.spark;

import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.ratescope.tensor.Device;

/** The GPU that Spark's resource scheduling assigns to a task. */
final class TaskGpu {
  /** Spark's name of the resource: {@code spark.task.resource.gpu.amount}. */
  private static final String RESOURCE = "gpu";

  private TaskGpu() {}

  /** The device of a task: its assigned GPU, or else the CPU. */
  static Device device(Map<String, ResourceInformation> resources) {
    ResourceInformation gpu = resources.get(RESOURCE);
    return gpu == null || gpu.addresses().length == 0
        ? Device.CPU
        : Device.parse("cuda:" + gpu.addresses()[0]);
  }

  /**
   * The same device, checked and prepared: a task that holds a GPU but computes elsewhere would
   * block it.
   *
   * @throws IllegalStateException if the task was assigned a GPU that libtorch does not see
   */
  static Device required(Map<String, ResourceInformation> resources) {
    try {
      return device(resources).require();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "Spark gave this task a GPU (spark.task.resource.gpu.amount): " + e.getMessage(), e);
    }
  }
}
