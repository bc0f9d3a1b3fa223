package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.yaml.StudyFileException;

class OverridesTest {
  @TempDir Path folder;

  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file =
        Files.writeString(
            folder.resolve("small.yaml"),
            """
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.5, cv:0.1]
            architectures: [mlp:1x8]
            objective: {beta: [0.1, 1]}
            restarts: 2
            training: {iterations: 20, batch: 16}
            profiles:
              more: {training: {iterations: 40}}
            """);
  }

  private Study read(String profile, String... settings) throws IOException {
    return StudyFile.read(
        file,
        profile.isEmpty() ? null : profile,
        StudyFile.Vocabulary.OPEN,
        Overrides.parse("--set", List.of(settings)));
  }

  @Test
  void aValueReplacesThatOfTheFileAndOfTheProfile() throws IOException {
    assertThat(read("", "training.iterations=7").training().iterations()).isEqualTo(7);
    assertThat(read("", "training.iterations=7").training().batch()).isEqualTo(16);
    assertThat(read("more", "training.iterations=7").training().iterations()).isEqualTo(7);
    assertThat(read("more", "training.batch=8").training().iterations()).isEqualTo(40);
    assertThat(read("", "objective.beta=[0.5, 1, 2]", "splits=cv:0.5", "restarts=1").runs())
        .hasSize(3);
    assertThat(read("", "seed=1", "seed=2").seed()).as("the last one").isEqualTo(2);
  }

  @Test
  void equalValuesGiveTheSameRuns() throws IOException {
    Files.writeString(
        folder.resolve("other.yaml"), Files.readString(file).replace("batch: 16", "batch: 8"));
    Study written = StudyFile.read(folder.resolve("other.yaml"));

    assertThat(read("", "training.batch=8").runs().stream().map(RunSpec::id))
        .isEqualTo(written.runs().stream().map(RunSpec::id).toList());
  }

  @Test
  void aPathIsNotRelativeToTheFile() throws IOException {
    CustomImages own =
        (CustomImages) read("", "data={images: photos, size: 16, colour: grey}").data();
    assertThat(own.file()).contains(Path.of("photos"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.iterations=abc|--set training.iterations=abc: training.iterations: got \"abc\";"
            + " expected a whole number from 1 to 2147483647",
        "restart=3|--set restart=3: restart: unknown key; expected name, title, data, splits,"
            + " architectures, latent, likelihood, prior, objective, restarts, seed, training,"
            + " evaluation, figures, analyses, twin-halves, leave-one-out (did you mean restarts?)",
        "iterations=3|--set iterations=3: iterations: unknown key; expected training.iterations",
        "training=3|--set training=3: training: got 3; expected a mapping of the keys iterations,"
            + " batch, learning-rate, precision, products, early-stopping, repeat-diverged",
        "seed|--set: got \"seed\"; expected KEY=VALUE, for example training.iterations=2000",
        "seed=[1|--set seed=[1: not valid YAML: expected ',' or ']'",
        "seed=|--set seed=: seed: missing; expected a whole number"
      })
  void errorsNameTheOption(String setting, String message) {
    assertThatThrownBy(() -> read("", setting))
        .isInstanceOf(StudyFileException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining(":1:")
        .hasMessageNotContaining(":0:");
  }
}
