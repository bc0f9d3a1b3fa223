package org.ratescope.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ratescope.spec.Architecture;

class DisplayNamesTest {
  @Test
  void architecturesHaveWords() {
    assertThat(DisplayNames.architecture(new Architecture.Mlp(3, 512)))
        .isEqualTo("3-layer MLP (512 units)");
    assertThat(DisplayNames.architecture(new Architecture.Cnn(1, 64)))
        .isEqualTo("1-layer CNN (64 channels)");
  }
}
