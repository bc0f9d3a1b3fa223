package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.yaml.StudyFileException;

/** Asserts the exact messages for errors in a study file. */
abstract class StudyFileMessages {
  static final String MINIMAL =
      """
      data: tetrominoes
      splits: [cv:0.5]
      architectures: [mlp:1x256]
      objective: {beta: [0.1, 1]}
      """;
  static final String KEYS =
      "name, title, data, splits, architectures, latent, likelihood, prior, objective, restarts, seed,"
          + " training, evaluation, figures, analyses, twin-halves, leave-one-out";

  @TempDir Path folder;

  /** Asserts the message, which begins with the file's path and a colon. */
  final void assertMessage(String text, @Nullable String profile, String message)
      throws IOException {
    Path file = Files.writeString(folder.resolve("study.yaml"), text);
    StudyFileException error =
        catchThrowableOfType(StudyFileException.class, () -> StudyFile.read(file, profile));
    assertThat(error).isNotNull().hasMessage(file + ":" + message);
  }

  final void assertMessage(String text, String message) throws IOException {
    assertMessage(text, null, message);
  }

  /** Line 5 follows the minimal study. */
  final void assertFifthLine(String line, String message) throws IOException {
    assertMessage(MINIMAL + line + "\n", "5: " + message);
  }
}
