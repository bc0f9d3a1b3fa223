package org.ratescope.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DisplayNameTest {
  @Test
  void architecturesHaveWords() {
    assertThat(new Architecture.Mlp(3, 512).displayName()).isEqualTo("3-layer MLP (512 units)");
    assertThat(new Architecture.Cnn(1, 64).displayName()).isEqualTo("1-layer CNN (64 channels)");
  }
}
