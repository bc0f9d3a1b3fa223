package org.ratescope.tensor;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.spec.text.Wording;

/**
 * The device of tensors and products: the CPU or one GPU. Its text form is libtorch's, {@code cpu}
 * or {@code cuda:0}. Naming a device does not check that it exists; {@link #require} does.
 *
 * @param kind its kind
 * @param index its number among several, from 0
 */
public record Device(Kind kind, int index) {
  /** What {@link #parse} accepts, for error messages. */
  public static final String ALLOWED = "cpu, cuda, cuda:N";

  /** The CPU. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  /**
   * libtorch's device whose tensors have shapes but no values. Code that works on it neither mixes
   * devices nor waits for a value; tests use it in place of a GPU.
   */
  public static final Device META = new Device(Kind.META, 0);

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,2}))?");

  /** The kind of a device. */
  public enum Kind {
    /** This machine's processor. */
    CPU,
    /** An NVIDIA GPU. */
    CUDA,
    /** Shapes without values. */
    META
  }

  /**
   * Parses the text form; {@code cuda} is the first GPU.
   *
   * @throws IllegalArgumentException with the text found and the texts expected
   */
  public static Device parse(String text) {
    if (text.equals("cpu")) {
      return CPU;
    }
    Matcher cuda = CUDA.matcher(text);
    if (!cuda.matches()) {
      throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED));
    }
    return new Device(Kind.CUDA, cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
  }

  /** The device of a tensor. */
  public static Device of(org.bytedeco.pytorch.Tensor tensor) {
    if (tensor.is_cpu()) {
      return CPU;
    }
    return tensor.is_meta() ? META : new Device(Kind.CUDA, tensor.device().index());
  }

  /** The text form, which {@link #parse} accepts. */
  public String text() {
    return switch (kind) {
      case CPU -> "cpu";
      case CUDA -> "cuda:" + index;
      case META -> "meta";
    };
  }

  /** Whether it is the CPU, where reading values costs nothing. */
  public boolean isCpu() {
    return kind == Kind.CPU;
  }

  /**
   * Checks that the device exists, and prepares libtorch for it.
   *
   * @throws IllegalArgumentException with the missing part and advice
   */
  public Device require() {
    if (kind == Kind.CUDA) {
      Libtorch.useOneThread();
      requireGpu(torch.hasCUDA(), torch.hasCUDA() ? torch.cuda_device_count() : 0);
      ProductRounding.set(false).close(); // libtorch's own default rounds convolutions
    }
    return this;
  }

  /** The same check for a build with or without GPU support that sees this number of GPUs. */
  void requireGpu(boolean built, int gpus) {
    if (!built) {
      throw new IllegalArgumentException(
          "%s needs Ratescope's release for GPUs and CUDA 13's libraries on LD_LIBRARY_PATH, at least one of which is missing: see docs/gpu.md, or omit --device"
              .formatted(text()));
    }
    if (gpus == 0) {
      throw new IllegalArgumentException(
          "%s: no GPU found: check nvidia-smi (driver 580 or newer) and CUDA_VISIBLE_DEVICES, or omit --device"
              .formatted(text()));
    }
    if (!(index < gpus)) {
      throw new IllegalArgumentException(
          "%s does not exist; expected one of the %d GPUs of this machine, cuda:0 to cuda:%d"
              .formatted(text(), gpus, gpus - 1));
    }
  }

  /** The CPU and the GPUs that this build of libtorch sees. Loads the native library. */
  public static List<Device> present() {
    Libtorch.useOneThread();
    int gpus = torch.hasCUDA() ? torch.cuda_device_count() : 0;
    return Stream.concat(
            Stream.of(CPU), IntStream.range(0, gpus).mapToObj(i -> new Device(Kind.CUDA, i)))
        .toList();
  }

  /** Waits until all pending work of the device is done. */
  public void synchronize() {
    if (kind == Kind.CUDA) {
      torch.cuda_synchronize(index);
    }
  }

  /** The options with which libtorch creates a tensor on this device. */
  TensorOptions options(ScalarType type) {
    return new TensorOptions(type)
        .device(new DeviceOptional(new org.bytedeco.pytorch.Device(text())));
  }

  /**
   * The device for a record. Without the index, so that equal GPUs give equal records.
   *
   * @param rounds whether the products of the run's training rounded their factors, on a GPU to
   *     TF32
   */
  public String described(boolean rounds) {
    return kind == Kind.CUDA
        ? "cuda (%s%s)".formatted(CudaDevice.of(this).name(), rounds ? ", TF32" : "")
        : text();
  }
}
