package org.ratescope.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "libtorch promises this for x86-64")
class FlushedSubnormalsTest {
  private static final float SUBNORMAL = 1e-39f;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  private static float half(float value) {
    try (PointerScope scope = new PointerScope()) {
      Tensor values = torch.full(new long[] {64}, new Scalar(value));
      return values.mul(new Scalar(0.5)).sum().item_float() / 64;
    }
  }

  @Test
  void subnormalNumbersAreZeroWhileItIsOpen() {
    assertThat(half(SUBNORMAL)).isEqualTo(SUBNORMAL / 2);
    try (FlushedSubnormals flushed = FlushedSubnormals.open()) {
      assertThat(half(SUBNORMAL)).isZero();
      assertThat(half(2 * Float.MIN_NORMAL)).isEqualTo(Float.MIN_NORMAL);
    }
    assertThat(half(SUBNORMAL)).isEqualTo(SUBNORMAL / 2);
  }
}
