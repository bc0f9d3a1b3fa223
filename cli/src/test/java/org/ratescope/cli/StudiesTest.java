package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.estimate.Estimators;
import org.ratescope.figure.Figure;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.study.SuiteFolder;

/** The built-in studies. */
class StudiesTest {
  private static final StudyFile.Vocabulary KNOWN =
      new StudyFile.Vocabulary(Estimators.standard().names(), Figure.builtIn());
  private static final Path PAPER = Path.of("../studies/paper");

  private static Suite paper(String profile) throws IOException {
    return SuiteFolder.read(PAPER, profile, KNOWN);
  }

  @Test
  void eachHasASmokeProfile() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../studies"))) {
      List<Path> studies = files.filter(Files::isRegularFile).toList();
      List<String> figures = new ArrayList<>(Figure.builtIn());
      figures.addAll(Figure.names(Path.of("../studies/figures")));
      StudyFile.Vocabulary known = new StudyFile.Vocabulary(Estimators.standard().names(), figures);
      assertThat(studies).isNotEmpty();
      for (Path file : studies) {
        Study study = StudyFile.read(file, "smoke", known);
        assertThat(study.name() + ".yaml").isEqualTo(file.getFileName().toString());
        assertThat(study.training().iterations()).as(study.name()).isLessThanOrEqualTo(50);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"paper", "mini", "smoke"})
  void everyStudyOfThePaperHasEveryProfile(String profile) throws IOException {
    Suite suite = paper(profile);
    assertThat(suite.leftOut()).isEmpty();
    assertThat(suite.profile()).contains(profile);
    for (Study study : suite.studies()) {
      assertThat(PAPER.resolve(study.name() + ".yaml")).exists();
      assertThat(study.title()).isNotEqualTo(study.name());
    }
  }

  @Test
  void miniIsTheDefaultProfile() throws IOException {
    assertThat(SuiteFolder.read(PAPER, null, KNOWN).profile()).contains("mini");
  }

  /**
   * Table A1 and section 4.3; the withheld class and the latent plane of appendix C have no
   * restarts.
   */
  @Test
  void thePaperProfileHasThePapersSizes() throws IOException {
    for (Study study : paper("paper").studies()) {
      for (Training training : study.trainings()) {
        assertThat(training.stopping(new Stopping.Never())).isEqualTo(Training.paper());
      }
      if (study.data().name().equals("tetrominoes")) {
        assertThat(study.data()).as(study.name()).isEqualTo(DataSpec.Tetrominoes.published());
        assertThat(study.restarts()).as(study.name()).isEqualTo(5);
        assertThat(study.repeatDiverged()).as(study.name()).contains(Precision.FLOAT64);
      }
    }
    Study rd = study("rd", "paper");
    assertThat(rd.runs()).hasSize(4 * 3 * 12 * 5);
    assertThat(rd.objectives())
        .extracting(Objective::betaKl)
        .containsExactly(0.001, 0.005, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0, 2.0, 3.0, 5.0);
    assertThat(study("objectives", "paper").objectives())
        .filteredOn(o -> o.family() == Objective.Family.MUTUAL_INFORMATION)
        .extracting(Objective::betaMi)
        .containsExactly(6.0, 8.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 17.0, 20.0);
  }

  private static Study study(String name, String profile) throws IOException {
    return paper(profile).studies().stream()
        .filter(study -> study.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** These request more estimates for runs of other studies. */
  @ParameterizedTest
  @ValueSource(strings = {"paper", "mini", "smoke"})
  void runsAreShared(String profile) throws IOException {
    Suite suite = paper(profile);
    Set<RunSpec> rd = new HashSet<>(study("rd", profile).runs());
    assertThat(rd).containsAll(study("information", profile).runs());
    assertThat(rd).containsAll(study("memory", profile).runs());
    assertThat(rd)
        .containsAll(
            study("stopping", profile).runs().stream()
                .filter(run -> run.training().stopping() instanceof Stopping.Never)
                .toList());
    Set<RunSpec> sizes = new HashSet<>(suite.runs(List.of("rd", "sizes")));
    assertThat(sizes).containsAll(suite.runs(List.of("sizes-marginal")));
  }

  @Test
  void theSmokeProfileIsSmall() throws IOException {
    Suite smoke = paper("smoke");
    assertThat(smoke.runs()).hasSizeLessThan(200);
    assertThat(smoke.runs()).allMatch(run -> run.training().iterations() <= 20);
  }

  @Test
  void everyFigureNamesExistingStudies() throws Exception {
    List<String> names = paper("mini").studies().stream().map(Study::name).toList();
    List<String> numbers = new ArrayList<>();
    for (String figure : Figure.names(PAPER.resolve("figures"))) {
      Figure found = Figure.find(figure, PAPER.resolve("figures"));
      assertThat(names).as("studies of figure %s", figure).containsAll(found.studies());
      numbers.add(found.number());
    }
    assertThat(numbers).doesNotHaveDuplicates();
  }
}
