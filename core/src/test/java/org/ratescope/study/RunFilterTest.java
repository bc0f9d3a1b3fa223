package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.spec.RunSpec;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.YamlFile;

class RunFilterTest {
  private static List<RunSpec> runs() throws StudyFileException {
    return new StudyReader("grid", StudyFile.Vocabulary.OPEN)
        .study(
            YamlFile.parse(
                "grid",
                """
                data: {set: tetrominoes, resolution: 4}
                splits: [cv:0.5, cv:0.1, checkerboard]
                architectures: [mlp:1x8, mlp:3x8]
                objective: {beta: [0.1, 1, 2], mutual-information: 1}
                restarts: 2
                """,
                ""))
        .runs();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "beta=1; 12", // three splits, two architectures, two seeds
        "beta=1.0 , layers=3; 6",
        "beta<=1; 24",
        "beta<1; 12",
        "beta>0.1; 24",
        "beta>=2; 12",
        "beta=0.1|2; 24",
        "beta!=1; 36",
        "split=cv:0.5; 16",
        "split=cv; 32",
        "split_kind=checkerboard; 16",
        "ratio<0.4; 16",
        "architecture=mlp:1x8; 24",
        "family=MLP; 48",
        "seed=1; 24",
        "data=tetrominoes; 48",
        "latent=10; 48",
        "latent_size=10, beta=5; 0"
      })
  void conditionsSelectRuns(String text, int count) throws StudyFileException {
    assertThat(runs()).hasSize(48);
    assertThat(runs().stream().filter(RunFilter.parse(text))).hasSize(count);
  }

  @Test
  void aWrongConditionIsExplained() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunFilter.parse("beta=1,layer=3"))
        .withMessageStartingWith("got field \"layer\"; expected data, set_name, split,")
        .withMessageEndingWith("(did you mean layers?)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunFilter.parse("beta"))
        .withMessage("got \"beta\"; expected FIELD=VALUE, for example beta=1 or layers=3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunFilter.parse("beta<many"))
        .withMessage("beta<: got \"many\"; expected a number");
  }

  @Test
  void aSuiteKeepsTheSelectedRuns() throws StudyFileException {
    List<RunSpec> all = runs();
    Study study =
        new StudyReader("grid", StudyFile.Vocabulary.OPEN)
            .study(
                YamlFile.parse(
                    "grid",
                    "{data: tetrominoes, splits: cv:0.5, architectures: mlp:1x8,"
                        + " objective: {beta: [1, 2]}, restarts: 2}",
                    ""));
    Suite some = Suite.of(study).where(RunFilter.parse("beta=2"));

    assertThat(all).isNotEmpty();
    assertThat(some.runs()).hasSize(2).allMatch(run -> run.objective().betaKl() == 2);
    assertThat(some.with(s -> s).runs()).isEqualTo(some.runs());
    assertThat(some.runs(List.of("grid"))).isEqualTo(some.runs());
    assertThat(some.where(RunFilter.parse("seed=0")).runs()).hasSize(1);
  }
}
