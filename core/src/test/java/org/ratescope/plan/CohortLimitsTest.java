package org.ratescope.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ratescope.model.MemoryEstimate;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Precision;

class CohortLimitsTest {
  private static final long GIBIBYTE = 1L << 30;

  @Test
  void aCohortUsesFourFifthsOfAGpu() {
    MemoryEstimate paper = footprint("mlp:3x512", 32);
    for (long memory : new long[] {8, 16, 24, 40, 48}) {
      int k = CohortLimits.ofMemory(memory * GIBIBYTE).largest(paper, 128);
      double limit = 0.8 * memory * GIBIBYTE;
      assertThat((double) paper.training(k, 128)).isLessThanOrEqualTo(limit);
      assertThat((double) paper.training(k + 1, 128)).isGreaterThan(limit);
    }
  }

  /** Five words and a batch: 1 layer of 512 units takes about 74 MB, 3 layers 97 MB. */
  @Test
  void thePapersNetworksOnKnownCards() {
    assertThat(CohortLimits.ofMemory(24 * GIBIBYTE).largest(footprint("mlp:1x512", 32), 128))
        .isBetween(230, 300);
    assertThat(CohortLimits.ofMemory(80 * GIBIBYTE).largest(footprint("mlp:1x512", 32), 128))
        .isEqualTo(512);
    assertThat(CohortLimits.ofMemory(141 * GIBIBYTE).largest(footprint("mlp:1x128", 16), 64))
        .isEqualTo(512);
  }

  /** Indices into a tensor of all runs stay below 2^31. */
  @Test
  void noTensorIsLongerThanTheMaximumInt() {
    MemoryEstimate wide = footprint("mlp:3x1024", 32);
    int k = CohortLimits.ofMemory(1000 * GIBIBYTE).largest(wide, 16);
    assertThat(k).isLessThan(512);
    assertThat(k * wide.layout().size()).isLessThanOrEqualTo(Integer.MAX_VALUE);
    assertThat((k + 1) * wide.layout().size()).isGreaterThan(Integer.MAX_VALUE);
  }

  @Test
  void oneRunIsTriedForAnyMemory() {
    assertThat(CohortLimits.ofMemory(0).largest(footprint("cnn:3x64", 64), 128)).isEqualTo(1);
  }

  private static MemoryEstimate footprint(String architecture, int side) {
    return new MemoryEstimate(
        ParameterLayout.of(Architecture.parse(architecture), new ImageShape(3, side, side), 10),
        Precision.FLOAT32);
  }
}
