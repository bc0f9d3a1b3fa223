package org.ratescope.spark;

import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.ratescope.tensor.Device;

/** The GPU that Spark's resource scheduling gives to a task. */
final class TaskGpu {
  /** What Spark calls the resource: {@code spark.task.resource.gpu.amount}. */
  private static final String RESOURCE = "gpu";

  private TaskGpu() {}

  /** The device that a task is to compute on: the GPU it was given, or else the CPU. */
  static Device device(Map<String, ResourceInformation> resources) {
    ResourceInformation gpu = resources.get(RESOURCE);
    return gpu == null || gpu.addresses().length == 0
        ? Device.CPU
        : Device.parse("cuda:" + gpu.addresses()[0]);
  }

  /**
   * The same, there and ready: a task that holds a GPU and computes elsewhere would keep it from
   * others.
   *
   * @throws IllegalStateException if the task was given a GPU that libtorch does not see
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
