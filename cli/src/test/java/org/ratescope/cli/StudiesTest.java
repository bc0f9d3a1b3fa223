package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ratescope.estimate.Estimators;
import org.ratescope.figure.Figure;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/** The studies that come with Ratescope. */
class StudiesTest {
  private static final StudyFile.Vocabulary KNOWN =
      new StudyFile.Vocabulary(Estimators.standard().names(), Figure.builtIn());

  @Test
  void eachCanBeReadInItsSmokeProfile() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../studies"))) {
      List<Path> studies = files.filter(Files::isRegularFile).toList();
      assertThat(studies).isNotEmpty();
      for (Path file : studies) {
        Study study = StudyFile.read(file, "smoke", KNOWN);
        assertThat(study.name() + ".yaml").isEqualTo(file.getFileName().toString());
        assertThat(study.training().iterations()).as(study.name()).isLessThanOrEqualTo(50);
      }
    }
  }

  @Test
  void figure3HasThePapersGrid() throws IOException {
    Study paper = StudyFile.read(Path.of("../studies/figure-3.yaml"), "paper");

    assertThat(paper.runs()).hasSize(2 * 2 * 12 * 5);
  }
}
