package org.ratescope.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DeviceTest {
  @BeforeAll
  static void oneThread() {
    Libtorch.useOneThread();
  }

  @Test
  void textsAreThoseOfLibtorch() {
    assertThat(Device.parse("cpu")).isEqualTo(Device.CPU);
    assertThat(Device.parse("cuda").text()).isEqualTo("cuda:0");
    assertThat(Device.parse("cuda:7")).isEqualTo(new Device(Device.Kind.CUDA, 7));
    for (String wrong : new String[] {"", "gpu", "cuda:", "cuda:-1", "CUDA", "cuda:0,1", "meta"}) {
      assertThatThrownBy(() -> Device.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("got \"%s\"; expected cpu, cuda, cuda:N".formatted(wrong));
    }
  }

  @Test
  void aMissingDeviceIsOneLine() {
    Device seventh = Device.parse("cuda:7");
    assertThatThrownBy(() -> seventh.requireGpu(false, 0))
        .hasMessageContaining("needs Ratescope's release for GPUs")
        .hasMessageContaining("docs/gpu.md");
    assertThatThrownBy(() -> seventh.requireGpu(true, 0)).hasMessageContaining("no GPU found");
    assertThatThrownBy(() -> seventh.requireGpu(true, 1))
        .hasMessage(
            "cuda:7 does not exist; expected one of the 1 GPUs of this machine, cuda:0 to cuda:0");
    seventh.requireGpu(true, 8);
    assertThat(Device.CPU.require()).isEqualTo(Device.CPU);
  }

  @Test
  void onlyTheCpuIsPresentWithoutAGpu() {
    assumeTrue(Device.present().size() == 1, "skipped: there is a GPU");
    assertThatThrownBy(() -> Device.parse("cuda").require())
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The values that a step stages arrive unchanged, no matter how many steps ahead the host is. */
  @Test
  void stagedValuesArriveOnTheDevice() {
    try (PointerScope scope = new PointerScope()) {
      for (ScalarType type : new ScalarType[] {ScalarType.Float, ScalarType.Double}) {
        StagingBuffer upload = new StagingBuffer(Device.CPU, 3, 5, 4, type);
        for (int step = 0; step < 10; step++) {
          upload.send(
              new long[] {step, 1L << 40, -1, 3, 4}, new double[] {step + 0.5, -2, 0, 1e30});
          assertThat(Tensors.doubles(upload.rows())).containsExactly(step, 1L << 40, -1, 3, 4);
          assertThat(Tensors.floats(upload.values()))
              .containsExactly(step + 0.5f, -2f, 0f, (float) 1e30);
        }
      }
    }
  }

  /** Values are copied to the device of a tensor; a tensor without values has none to read. */
  @Test
  void valuesAreCopiedBetweenDevices() {
    try (PointerScope scope = new PointerScope()) {
      Tensor there = Tensors.empty(Device.META, ScalarType.Double, 2, 3);
      assertThat(Device.of(there)).isEqualTo(Device.META);
      assertThat(Device.of(Tensors.zeros(there, 7))).isEqualTo(Device.META);
      Tensors.write(new double[6], there);
      assertThatThrownBy(() -> Tensors.doubles(there)).hasMessageContaining("no data");
      Tensor here = Tensors.tensor(ScalarType.Float, new double[] {1, 2}, 2);
      assertThat(Device.of(Tensors.beside(here, there))).isEqualTo(Device.META);
      assertThat(Tensors.type(Tensors.beside(here, there))).isEqualTo(ScalarType.Float);
      assertThat(Tensors.beside(here, Tensors.zeros(ScalarType.Double, 1))).isSameAs(here);
    }
  }
}
