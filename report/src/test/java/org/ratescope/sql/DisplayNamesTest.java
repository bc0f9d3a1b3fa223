package org.ratescope.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;

/** This module reads architectures and likelihoods although libtorch is not on its class path. */
class DisplayNamesTest {
  @ParameterizedTest
  @CsvSource({
    "mlp:3x512, 3-layer MLP (512 units)",
    "cnn:1x64, 1-layer CNN (64 channels)",
    "resmlp:4x256, 4-block residual MLP (256 units)"
  })
  void architecturesHaveWords(String text, String label) {
    assertThat(Architecture.parse(text).displayName()).isEqualTo(label);
  }

  @ParameterizedTest
  @CsvSource({
    "bernoulli, Bernoulli, true",
    "continuous-bernoulli, Continuous Bernoulli, false",
    "gaussian:0.1, Gaussian (variance 0.1), false",
    "gaussian:1.0, Gaussian (variance 1), false",
    "gaussian:1.0E-6, Gaussian (variance 0.000001), false"
  })
  void likelihoodsHaveWords(String text, String label, boolean isPositive) {
    Likelihood likelihood = Likelihood.parse(text);
    assertThat(likelihood.displayName()).isEqualTo(label);
    assertThat(likelihood.hasPositiveDistortion()).isEqualTo(isPositive);
  }
}
