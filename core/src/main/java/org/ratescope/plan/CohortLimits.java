package org.ratescope.plan;

import org.ratescope.model.MemoryEstimate;
import org.ratescope.tensor.CudaDevice;
import org.ratescope.tensor.Device;

/**
 * Limits the number of runs in a cohort: as many as make a step cheaper and fit into memory. The
 * limit depends on the kind of the machine, not on its load, since K is part of a cohort's
 * identity, and therefore of the bits.
 *
 * @param bytes native memory of a cohort, state and buffers
 * @param parameters parameters of a cohort, over all its runs
 * @param runs runs of a cohort
 */
public record CohortLimits(long bytes, long parameters, int runs) {
  /**
   * Number of parameters up to which more runs make a step cheaper on a CPU core; with more, state
   * and buffers do not fit into its cache (docs/decisions.md). There is a cohort for each worker,
   * and machines with 2 GiB for each core are common.
   */
  public static final CohortLimits CPU = new CohortLimits(1L << 30, 800_000, 64);

  /**
   * Share of a GPU's memory that a cohort may use; the rest is for images, the libraries' own
   * workspaces and fragmentation.
   */
  private static final double SHARE = 0.8;

  private static final int LARGEST_ON_GPU = 512;

  /** The limits of a GPU with that memory. */
  public static CohortLimits ofMemory(long deviceBytes) {
    return new CohortLimits((long) (SHARE * deviceBytes), Integer.MAX_VALUE, LARGEST_ON_GPU);
  }

  /**
   * The limits of that device.
   *
   * @throws IllegalArgumentException if the device does not exist
   */
  public static CohortLimits of(Device device) {
    return switch (device.kind()) {
      case CPU -> CPU;
      case CUDA -> ofMemory(CudaDevice.of(device.require()).bytes());
      case META -> throw new IllegalArgumentException("meta has no memory");
    };
  }

  /** K for runs of that kind with batches of that size, at least one. */
  public int largest(MemoryEstimate footprint, int batch) {
    long one = footprint.training(1, batch);
    long each = footprint.training(2, batch) - one;
    long fitting = 1 + (bytes - one) / each;
    long cheap = parameters / footprint.layout().size();
    return Math.clamp(Math.min(cheap, fitting), 1, runs);
  }
}
