package org.ratescope.tensor;

import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;

/**
 * What the CUDA runtime says about a GPU. Its classes are in the release for GPUs only: nobody asks
 * who has not {@link Device#require required} one.
 *
 * @param name its maker's name for it
 * @param bytes its memory, whoever uses it
 */
public record CudaDevice(String name, long bytes) {

  /**
   * Asks about a GPU.
   *
   * @throws IllegalArgumentException if the device is none
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
