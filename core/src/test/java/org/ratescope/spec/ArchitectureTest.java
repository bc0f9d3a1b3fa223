package org.ratescope.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  @Test
  void textsAreReadBack() {
    assertThat(Architecture.parse("mlp:3x512")).isEqualTo(new Architecture.Mlp(3, 512));
    assertThat(Architecture.parse("cnn:3x64")).isEqualTo(new Architecture.Cnn(3, 64));
    for (String text : new String[] {"mlp:1x1", "mlp:64x65536", "cnn:1x1", "cnn:8x4096"}) {
      assertThat(Architecture.parse(text).text()).isEqualTo(text);
    }
    assertThat(Architecture.parse("cnn:2x16").layers()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cnn",
        "cnn:3",
        "cnn:3x",
        "cnn:x64",
        "cnn:-1x64",
        "CNN:3x64",
        "rnn:1x2",
        "cnn:3x64 "
      })
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> Architecture.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("got \"%s\"; expected %s".formatted(text, Architecture.ALLOWED));
  }

  @Test
  void numbersHaveLimits() {
    assertThatThrownBy(() -> Architecture.parse("cnn:9x64"))
        .hasMessage("layers must be a whole number from 1 to 8, got 9");
    assertThatThrownBy(() -> Architecture.parse("cnn:0x64"))
        .hasMessage("layers must be a whole number from 1 to 8, got 0");
    assertThatThrownBy(() -> Architecture.parse("cnn:1x4097"))
        .hasMessage("channels must be a whole number from 1 to 4096, got 4097");
    assertThatThrownBy(() -> Architecture.parse("cnn:1x0"))
        .hasMessage("channels must be a whole number from 1 to 4096, got 0");
  }
}
