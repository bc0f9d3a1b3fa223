package org.ratescope.spark;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.resource.ResourceInformation;

/** The GPU that Spark's resource scheduling gives to a task. */
final class Gpu {
  /** What Spark calls the resource: {@code spark.task.resource.gpu.amount}. */
  private static final String RESOURCE = "gpu";

  private Gpu() {}

  /**
   * The device that a task is to compute on, as libtorch writes it: {@code cuda:ADDRESS}; nothing
   * where Spark gives none.
   */
  static Optional<String> device(Map<String, ResourceInformation> resources) {
    ResourceInformation gpu = resources.get(RESOURCE);
    return gpu == null || gpu.addresses().length == 0
        ? Optional.empty()
        : Optional.of("cuda:" + gpu.addresses()[0]);
  }

  /**
   * A task that holds a GPU and computes elsewhere would keep it from others.
   *
   * @param engine where tensors live in this process
   * @throws IllegalStateException if the task was given a GPU and the engine uses another device
   */
  static void require(Map<String, ResourceInformation> resources, String engine) {
    Optional<String> device = device(resources);
    if (device.isPresent() && !device.get().equals(engine)) {
      throw new IllegalStateException(
          "Spark gave this task %s, and the engine computes on %s: leave spark.task.resource.gpu.amount out"
              .formatted(device.get(), engine));
    }
  }
}
