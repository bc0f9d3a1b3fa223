package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ratescope.study.Architecture;

class LabelsTest {
  @Test
  void architecturesHaveWords() {
    assertThat(Labels.architecture(new Architecture.Mlp(3, 512)))
        .isEqualTo("3-layer MLP (512 units)");
    assertThat(Labels.architecture(new Architecture.Cnn(1, 64)))
        .isEqualTo("1-layer CNN (64 channels)");
  }
}
