package org.ratescope.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.text.Wording;

class RunTextTest {
  private static final String TEXT =
      "data=tetrominoes:J,resolution=4;split=default;architecture=mlp(1x8);latent=2";

  private static RunSpec run(String data, Split split, Likelihood likelihood, String stopping) {
    return new RunSpec(
        DataSpec.parse(data),
        split,
        Architecture.parse("mlp:2x64"),
        10,
        likelihood,
        new Objective(0.1, 1e-7),
        new Training(1000, 128, 1e-4, Precision.FLOAT64, Stopping.parse(stopping)),
        -3);
  }

  static Stream<RunSpec> runs() {
    String own = "array:name=s,size=64,colour=grey,key=imgs,labels=l,layout=nhw,white=1";
    return Stream.of(
        run("tetrominoes", new Split.Default(), Likelihood.parse("bernoulli"), "never"),
        run("mnist", new Split.Official(), Likelihood.parse("continuous-bernoulli"), "never"),
        run(
            "smallnorb",
            new Split.HeldOut("azimuth"),
            Likelihood.parse("gaussian:0.3"),
            "patience:5"),
        run(
            "3dshapes",
            new Split.ConstantVolume(0.05),
            Likelihood.parse("bernoulli"),
            "patience:7,every=10,validation=0.2"),
        run(own, new Split.Checkerboard(4), Likelihood.parse("bernoulli"), "never"));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void whatIsWrittenIsRead(RunSpec run) {
    assertThat(RunSpec.parse(run.canonical())).isEqualTo(run);
  }

  /** Another split leaves the other settings, a prior among them. */
  @Test
  void anotherSplitLeavesTheRest() {
    RunSpec run = runs().findFirst().orElseThrow();
    RunSpec mixture = RunSpec.parse(run.canonical() + ";prior=mixture:4");
    assertThat(mixture.split(new Split.Official()).canonical())
        .isEqualTo(mixture.canonical().replace("split=default", "split=official"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "data=tetrominoes", TEXT})
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> RunSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(Wording.unexpected(text, "the canonical text of a run"));
  }
}
