package org.ratescope.tensor;

import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;

/**
 * The CUDA runtime's description of a GPU. Its classes are only in the release for GPUs, so call
 * this only after {@link Device#require}.
 *
 * @param name the manufacturer's name
 * @param bytes its total memory
 */
public record CudaDevice(String name, long bytes) {

  /**
   * Describes a GPU.
   *
   * @throws IllegalArgumentException if the device is not a GPU
   */
  public static CudaDevice of(Device device) {
    if (device.kind() != Device.Kind.CUDA) {
      throw new IllegalArgumentException("got %s; expected a GPU".formatted(device.text()));
    }
    try (cudaDeviceProp properties = new cudaDeviceProp()) {
      int error = cudart.cudaGetDeviceProperties(properties, device.index());
      if (error != cudart.cudaSuccess) {
        throw new IllegalArgumentException(
            "%s: the CUDA runtime says %s"
                .formatted(device.text(), cudart.cudaGetErrorString(error).getString()));
      }
      return new CudaDevice(properties.name().getString(), properties.totalGlobalMem());
    }
  }
}
