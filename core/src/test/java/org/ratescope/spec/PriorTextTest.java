package org.ratescope.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriorTextTest {
  @ParameterizedTest
  @CsvSource({
    "normal, normal, Standard normal",
    "gaussian, gaussian, Gaussian of full rank",
    "mixture:1, mixture:1, Mixture of 1",
    "mixture:064, mixture:64, Mixture of 64",
    "vamp:128, vamp:128, VampPrior (128 pseudo-inputs)",
    "exemplar, exemplar:256, Exemplar prior (256 images)",
    "exemplar:2, exemplar:2, Exemplar prior (2 images)",
    "flow:6, flow:6, Flow of 6 couplings"
  })
  void textsAreRead(String text, String canonical, String name) {
    Prior prior = Prior.parse(text);
    assertThat(prior.text()).isEqualTo(canonical);
    assertThat(prior.displayName()).isEqualTo(name);
    assertThat(Prior.parse(canonical)).isEqualTo(prior);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Normal",
        "normal:1",
        "gaussian:2",
        "mixture",
        "mixture:",
        "mixture:0",
        "mixture:-1",
        "mixture:1.5",
        "mixture:many",
        "mixture:65537",
        "mixture:99999999999",
        "vamp",
        "vamp:0",
        "exemplar:1",
        "exemplar:0",
        "exemplar:65537",
        "flow",
        "flow:0",
        "flow:65"
      })
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> Prior.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "got \"" + text + "\"; expected normal, gaussian, mixture:COMPONENTS")
        .hasMessageContaining("exemplar:IMAGES with a whole number from 2 to 65536")
        .hasMessageEndingWith("or flow:COUPLINGS with a whole number from 1 to 64");
  }
}
