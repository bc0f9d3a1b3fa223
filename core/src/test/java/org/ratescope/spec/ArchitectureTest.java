package org.ratescope.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.model.architecture.Cnn;
import org.ratescope.model.architecture.Mlp;
import org.ratescope.model.architecture.ResidualMlp;

class ArchitectureTest {
  @Test
  void textsAreReadBack() {
    assertThat(Architecture.parse("mlp:3x512")).isEqualTo(new Mlp(3, 512));
    assertThat(Architecture.parse("cnn:3x64")).isEqualTo(new Cnn(3, 64));
    assertThat(Architecture.parse("resmlp:4x256")).isEqualTo(new ResidualMlp(4, 256));
    for (String text : List.of("mlp:1x1", "mlp:64x65536", "cnn:1x1", "cnn:8x4096", "resmlp:1x1")) {
      assertThat(Architecture.parse(text).text()).isEqualTo(text);
    }
    assertThat(Architecture.parse("cnn:2x16").layers()).isEqualTo(2);
    assertThat(Architecture.parse("cnn:2x16").width()).isEqualTo(16);
    assertThat(Architecture.parse("cnn:2x16").family()).isEqualTo("cnn");
  }

  @Test
  void theMessageNamesEveryFamily() {
    assertThat(Architecture.allowed())
        .isEqualTo(
            "mlp:LAYERSxUNITS, for example mlp:3x512, cnn:LAYERSxCHANNELS, for example cnn:3x64,"
                + " or resmlp:BLOCKSxUNITS, for example resmlp:4x256");
    assertThat(Likelihood.allowed())
        .isEqualTo(
            "bernoulli, continuous-bernoulli, or gaussian:VARIANCE with a variance above 0,"
                + " for example gaussian:0.1");
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
        .hasMessage("got \"%s\"; expected %s".formatted(text, Architecture.allowed()));
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
