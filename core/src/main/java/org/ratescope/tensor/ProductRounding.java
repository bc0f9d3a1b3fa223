package org.ratescope.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Float32Backend;
import org.bytedeco.pytorch.global.torch.Float32Op;
import org.bytedeco.pytorch.global.torch.Float32Precision;

/**
 * Whether libtorch rounds the factors of float32 products: on the CPU to bfloat16 (8 significant
 * bits), on a GPU to TF32 (11 significant bits). libtorch has one setting for the whole process, so
 * threads that need different ones take turns: as long as a thread computes with one, threads that
 * need the other wait, and nobody waits for ever. Threads that need the same compute at the same
 * time. Open while the calling thread computes; not to be nested.
 */
public final class ProductRounding implements AutoCloseable {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final List<String> FLAGS = List.of("amx_bf16", "avx512_bf16");

  private static final Object LOCK = new Object();
  private static final int[] WAITING = new int[2]; // threads that wait, by what they need
  private static boolean isSet; // libtorch's own default lets GPUs round convolutions
  private static boolean applied; // libtorch's setting
  private static boolean rounds; // what the threads that compute, or the last ones, need
  private static int inside; // threads that compute

  private ProductRounding() {}

  /**
   * Waits until libtorch has that setting, and keeps it until the result is closed.
   *
   * @param rounding whether factors are rounded
   */
  public static ProductRounding set(boolean rounding) {
    boolean interrupted = false;
    synchronized (LOCK) {
      WAITING[index(rounding)]++;
      while (!mayEnter(rounding)) {
        try {
          LOCK.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      WAITING[index(rounding)]--;
      if (!isSet || applied != rounding) {
        apply(rounding);
        isSet = true;
        applied = rounding;
      }
      rounds = rounding;
      inside++;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new ProductRounding();
  }

  /** Where threads wait for the other setting, they are next. */
  private static boolean mayEnter(boolean rounding) {
    return WAITING[index(!rounding)] > 0
        ? inside == 0 && rounds != rounding
        : inside == 0 || rounds == rounding;
  }

  private static int index(boolean rounding) {
    return rounding ? 1 : 0;
  }

  private static void apply(boolean rounding) {
    Context context = torch.globalContext();
    Float32Precision cpu = rounding ? Float32Precision.BF16 : Float32Precision.NONE;
    Float32Precision gpu = rounding ? Float32Precision.TF32 : Float32Precision.IEEE;
    for (Float32Op operator : List.of(Float32Op.MATMUL, Float32Op.CONV)) {
      context.setFloat32Precision(Float32Backend.MKLDNN, operator, cpu);
      context.setFloat32Precision(Float32Backend.CUDA, operator, gpu);
    }
  }

  /**
   * Writes x W + b of K runs. On the CPU libtorch rounds the factors of {@code bmm}, but not those
   * of {@code baddbmm}, so the bias is added afterwards where products are rounded.
   *
   * @param output [K, B, out]
   * @param bias [K, 1, out]
   * @param x [K, B, in]
   * @param weight [K, in, out]
   */
  public static void affine(Tensor output, Tensor bias, Tensor x, Tensor weight) {
    if (roundsOnCpu(x)) {
      torch.bmm_out(output, x, weight);
      output.add_(bias);
    } else {
      torch.baddbmm_out(output, bias, x, weight);
    }
  }

  /** The same as a new tensor, which can be differentiated. [K, B, out] */
  public static Tensor affine(Tensor bias, Tensor x, Tensor weight) {
    return roundsOnCpu(x) ? torch.bmm(x, weight).add(bias) : torch.baddbmm(bias, x, weight);
  }

  /** A thread that computes sees the setting that it waited for. */
  private static boolean roundsOnCpu(Tensor x) {
    synchronized (LOCK) {
      return applied && x.is_cpu();
    }
  }

  @Override
  public void close() {
    synchronized (LOCK) {
      inside--;
      if (inside == 0 && applied) { // code that does not ask computes without rounding
        apply(false);
        applied = false;
      }
      LOCK.notifyAll();
    }
  }

  /**
   * Checks that runs with rounded products can be trained here.
   *
   * @throws IllegalArgumentException if the device is the CPU and the processor does not multiply
   *     bfloat16 values
   */
  public static void require(Device device) throws IOException {
    if (!device.isCpu()) {
      return;
    }
    boolean isReadable = Files.isReadable(PROCESSORS);
    if (!isSupported(isReadable ? Files.readAllLines(PROCESSORS) : List.of())) {
      throw new IllegalArgumentException(
          "products: bf16 needs a processor with AMX-BF16 or AVX512-BF16 (%s); this one has neither. Train with products: float32, or on another machine"
              .formatted(String.join(" or ", FLAGS) + " in " + PROCESSORS));
    }
  }

  /** Whether the processor of which Linux says that multiplies bfloat16 values. */
  static boolean isSupported(List<String> processors) {
    return processors.stream()
        .filter(line -> line.startsWith("flags"))
        .flatMap(line -> Stream.of(line.split("\\s+")))
        .anyMatch(FLAGS::contains);
  }
}
