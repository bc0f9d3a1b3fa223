package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.yaml.StudyFileException;

class SuiteTest {
  /** Both declare cv:0.1 with 8 units. */
  private static final String DEPTHS =
      """
      title: Depths
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.5, cv:0.1]
      architectures: [mlp:1x8, mlp:3x8]
      objective: {beta: [0.1, 1]}
      restarts: 2
      evaluation: {estimators: [distortion, rate], examples: 64}
      profiles:
        mini: {restarts: 1}
        tiny: {restarts: 1, objective: {beta: 1}}
      """;

  private static final String WIDTHS =
      """
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.1]
      architectures: [mlp:1x16, mlp:1x8]
      objective: {beta: [1, 2]}
      restarts: 2
      training: {repeat-diverged: float64}
      evaluation: {estimators: [distortion, logMarginal], examples: 64}
      profiles:
        mini: {restarts: 1}
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("depths.yaml"), DEPTHS);
    Files.writeString(folder.resolve("widths.yaml"), WIDTHS);
    Files.createDirectory(folder.resolve("figures"));
    Files.writeString(folder.resolve("notes.txt"), "no study");
  }

  private Suite read(@Nullable String profile) throws StudyFileException {
    return SuiteFolder.read(folder, profile, StudyFile.Vocabulary.OPEN);
  }

  @Test
  void aRunDeclaredByTwoStudiesIsOneRun() throws Exception {
    Suite suite = read(null);
    RunSpec shared = suite.studies().get(1).runs().get(4);

    assertThat(suite.studies()).extracting(Study::name).containsExactly("depths", "widths");
    assertThat(suite.runs()).hasSize(16 + 8 - 2).doesNotHaveDuplicates();
    assertThat(shared.architecture().text()).isEqualTo("mlp:1x8");
    assertThat(suite.studies(shared)).extracting(Study::name).containsExactly("depths", "widths");
    assertThat(suite.evaluation(shared))
        .isEqualTo(new Evaluation(List.of("distortion", "rate", "logMarginal"), 64));
    assertThat(suite.evaluation(suite.runs().getFirst()).estimators())
        .containsExactly("distortion", "rate");
    assertThat(suite.runs(List.of("widths"))).hasSize(8).contains(shared);
    assertThat(suite.runs(List.of())).isEqualTo(suite.runs());
    assertThat(suite.data()).hasSize(1);
    assertThat(suite.profile()).isEmpty();
    assertThat(suite.isSingle()).isFalse();
  }

  @Test
  void aRepetitionBelongsToTheStudiesOfItsRun() throws Exception {
    Suite suite = read(null);
    RunSpec shared = suite.studies().get(1).runs().get(4);
    RunSpec other = suite.runs().getFirst();
    RunSpec repeat = suite.repeatOf(shared).orElseThrow();

    assertThat(repeat).isEqualTo(shared.precision(Precision.FLOAT64));
    assertThat(suite.studies(repeat)).isEqualTo(suite.studies(shared));
    assertThat(suite.evaluation(repeat)).isEqualTo(suite.evaluation(shared));
    assertThat(suite.repeatOf(other)).isEmpty();
    assertThat(suite.studies(other.precision(Precision.FLOAT64))).isEmpty();
  }

  @Test
  void studiesWithoutTheProfileAreOmitted() throws Exception {
    assertThat(read("mini").leftOut()).isEmpty();
    assertThat(read("mini").runs()).hasSize(8 + 4 - 1);

    Suite tiny = read("tiny");
    assertThat(tiny.studies()).extracting(Study::name).containsExactly("depths");
    assertThat(tiny.leftOut()).containsExactly("widths");
    assertThat(tiny.profile()).contains("tiny");

    assertThatThrownBy(() -> read("small"))
        .isInstanceOf(StudyFileException.class)
        .hasMessage(folder + ": no study has the profile \"small\"; expected mini, tiny");
  }

  @Test
  void suiteYamlSetsNameTitleProfileAndOrder() throws Exception {
    Path file = folder.resolve(SuiteFolder.FILE);
    Files.writeString(file, "name: both\ntitle: Two questions\nprofile: mini\nstudies: [widths]\n");
    Suite suite = read(null);

    assertThat(suite.name()).isEqualTo("both");
    assertThat(suite.title()).isEqualTo("Two questions");
    assertThat(suite.profile()).contains("mini");
    assertThat(suite.studies()).extracting(Study::name).containsExactly("widths", "depths");
    assertThat(read("tiny").profile()).contains("tiny");

    Files.writeString(file, "name: both\nstudies: [width]\n");
    assertThatThrownBy(() -> read(null))
        .hasMessage(
            file + ":2: studies[1]: got \"width\"; expected depths, widths (did you mean widths?)");
    Files.writeString(file, "titel: both\n");
    assertThatThrownBy(() -> read(null))
        .hasMessageStartingWith(file + ":1: titel: unknown key; expected name, title");
  }

  @Test
  void theFolderNameIsTheDefaultName() throws Exception {
    Path named = Files.createDirectory(folder.resolve("my-suite"));
    Files.writeString(named.resolve("depths.yaml"), DEPTHS);
    Suite suite = SuiteFolder.read(named, null, StudyFile.Vocabulary.OPEN);

    assertThat(suite.name()).isEqualTo("my-suite");
    assertThat(suite.title()).isEqualTo("my-suite");
    assertThat(suite.isSingle()).isFalse();
  }

  @Test
  void conflictingStudiesAreRefused() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> SuiteFolder.read(empty, null, StudyFile.Vocabulary.OPEN))
        .hasMessage(empty + ": a folder without study files; expected at least one file NAME.yaml");

    Files.writeString(
        folder.resolve("widths.yaml"), WIDTHS.replace("examples: 64", "examples: 32"));
    assertThatThrownBy(() -> read(null))
        .isInstanceOf(StudyFileException.class)
        .hasMessageStartingWith(
            folder + ": evaluation.examples: studies depths and widths declare the same run (data=")
        .hasMessageEndingWith("got 64 and 32; expected one number");

    Files.writeString(folder.resolve("widths.yaml"), "name: depths\n" + WIDTHS);
    assertThatThrownBy(() -> read(null)).hasMessageContaining("got two studies named 'depths'");

    Files.writeString(folder.resolve("widths.yaml"), WIDTHS.replace("restarts: 1", "restarts: 0"));
    assertThatThrownBy(() -> read("tiny"))
        .as("a study that is left out is checked too")
        .hasMessageContaining("widths.yaml:9: profiles.mini.restarts: got 0");
  }

  @Test
  void aStudyIsASuiteOfOne() throws Exception {
    Study study = StudyFile.read(folder.resolve("depths.yaml"));
    Suite suite = Suite.of(study, Optional.of("x"));

    assertThat(suite.isSingle()).isTrue();
    assertThat(suite.name()).isEqualTo("depths");
    assertThat(suite.title()).isEqualTo("Depths");
    assertThat(suite.runs()).isEqualTo(study.runs());
    Evaluation other = new Evaluation(List.of("elbo"), 5);
    assertThat(suite.with(s -> s.evaluation(other)).evaluation(suite.runs().getFirst()))
        .isEqualTo(other);
  }
}
