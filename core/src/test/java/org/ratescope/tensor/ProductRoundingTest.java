package org.ratescope.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Float32Backend;
import org.bytedeco.pytorch.global.torch.Float32Op;
import org.bytedeco.pytorch.global.torch.Float32Precision;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads with different needs do not compute at the same time; libtorch has what each needs. */
@Isolated("it sets how all products of the process round")
class ProductRoundingTest {

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  private static Float32Precision setting(Float32Op operator) {
    return setting(Float32Backend.MKLDNN, operator);
  }

  private static Float32Precision setting(Float32Backend backend, Float32Op operator) {
    return torch.globalContext().float32Precision(backend, operator).intern();
  }

  @Test
  void libtorchHasTheSettingWhileItIsOpen() {
    for (boolean rounding : new boolean[] {true, false, true, false}) {
      try (ProductRounding products = ProductRounding.set(rounding)) {
        for (Float32Op operator : List.of(Float32Op.MATMUL, Float32Op.CONV)) {
          assertThat(setting(operator) == Float32Precision.BF16).isEqualTo(rounding);
          assertThat(setting(Float32Backend.CUDA, operator))
              .isEqualTo(rounding ? Float32Precision.TF32 : Float32Precision.IEEE);
        }
      }
    }
  }

  @Test
  void nothingIsRoundedAfterwards() {
    ProductRounding.set(true).close();
    for (Float32Op operator : List.of(Float32Op.MATMUL, Float32Op.CONV)) {
      assertThat(setting(operator)).isNotEqualTo(Float32Precision.BF16);
    }
  }

  /** Four threads, two of each kind, enter two hundred times each: none waits for ever. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void threadsOfDifferentKindsTakeTurns() throws Exception {
    AtomicInteger[] inside = {new AtomicInteger(), new AtomicInteger()};
    CyclicBarrier start = new CyclicBarrier(4);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int kind = thread % 2;
        Callable<Integer> work =
            () -> {
              start.await();
              int wrong = 0;
              for (int i = 0; i < 200; i++) {
                try (ProductRounding products = ProductRounding.set(kind == 1)) {
                  inside[kind].incrementAndGet();
                  Thread.sleep(0, 1_000);
                  boolean rounds = setting(Float32Op.MATMUL) == Float32Precision.BF16;
                  wrong += inside[1 - kind].get() > 0 || rounds != (kind == 1) ? 1 : 0;
                  inside[kind].decrementAndGet();
                }
              }
              return wrong;
            };
        answers.add(threads.submit(work));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isZero();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "flags\t\t: fpu avx512f avx512_vnni, false",
    "flags\t\t: fpu avx512_bf16 sse, true",
    "flags\t\t: fpu amx_bf16 amx_tile, true",
    "model name\t: amx_bf16, false",
    "Features\t: fp asimd bf16, false"
  })
  void processorsTellByTheirFlags(String line, boolean expected) {
    assertThat(ProductRounding.isSupported(List.of("processor\t: 0", line))).isEqualTo(expected);
  }

  private static boolean canRound() throws IOException {
    Path processors = Path.of("/proc/cpuinfo");
    return Files.isReadable(processors)
        && ProductRounding.isSupported(Files.readAllLines(processors));
  }

  /** The twin rounds the factors itself and multiplies in float64. */
  @Test
  void factorsOfAnAffineMapAreRoundedAndItsSumsAreNot() throws IOException {
    Libtorch.useOneThread();
    try (PointerScope scope = new PointerScope()) {
      Tensor x = torch.randn(2, 64, 96);
      Tensor weight = torch.randn(2, 96, 80);
      Tensor bias = torch.randn(2, 1, 80);
      Tensor exact = twin(x, weight, bias);
      Tensor rounded = twin(x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), bias);
      Tensor output = torch.empty(2, 64, 80);
      try (ProductRounding products = ProductRounding.set(false)) {
        ProductRounding.affine(output, bias, x, weight);
        assertThat(distance(output, exact)).isLessThan(2e-5);
        assertThat(distance(ProductRounding.affine(bias, x, weight), output)).isZero();
      }
      assumeThat(canRound()).as("this processor multiplies bfloat16 values").isTrue();
      try (ProductRounding products = ProductRounding.set(true)) {
        ProductRounding.affine(output, bias, x, weight);
        assertThat(distance(output, exact)).isGreaterThan(1e-2);
        assertThat(distance(output, rounded)).isLessThan(2e-5);
        assertThat(distance(ProductRounding.affine(bias, x, weight), output)).isZero();
      }
    }
  }

  private static Tensor twin(Tensor x, Tensor weight, Tensor bias) {
    return x.to(ScalarType.Double)
        .matmul(weight.to(ScalarType.Double))
        .add(bias.to(ScalarType.Double));
  }

  private static double distance(Tensor a, Tensor b) {
    return a.to(ScalarType.Double).sub(b.to(ScalarType.Double)).abs().max().item_double();
  }

  @Test
  void refusesProcessorsThatCannot() throws IOException {
    ProductRounding.require(Device.META);
    if (canRound()) {
      ProductRounding.require(Device.CPU);
    } else {
      assertThatThrownBy(() -> ProductRounding.require(Device.CPU))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("needs a processor with AMX-BF16 or AVX512-BF16")
          .hasMessageContaining("Train with products: float32");
    }
  }
}
