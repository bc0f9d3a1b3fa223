package org.ratescope.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.spec.RunId;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;

/** The analyses that a study requests, and the ids of their records. */
class AnalysisTest {
  @TempDir Path folder;

  private Study study(String more) throws IOException {
    Path file = folder.resolve("study.yaml");
    Files.writeString(
        file,
        """
        data: tetrominoes:resolution=16
        splits: [cv:0.00625, default]
        architectures: [mlp:1x8]
        objective: {beta: [1]}
        """
            + more);
    return StudyFile.read(file);
  }

  @Test
  void aStudyHasNoAnalysesByDefault() throws IOException {
    assertThat(Analysis.of(study(""))).isEmpty();
    assertThat(Analysis.of(study("analyses: none"))).isEmpty();
    assertThat(study("evaluation: {details: none}").evaluation().details()).isEmpty();
  }

  @Test
  void splitsAreThoseOfTableA2AndOfTheStudy() throws IOException {
    List<Analysis> asked = Analysis.of(study("analyses: splits"));

    assertThat(asked).hasSize(1 + 16 + 1);
    assertThat(asked.getFirst()).isInstanceOf(Analysis.Plane.class);
    assertThat(asked.getLast().canonical())
        .isEqualTo(
            "analysis=sizes;data=tetrominoes:preset=published,shape=J,resolution=16;split=cv:0.00625");
  }

  @Test
  void theIdOfAnAnalysisDependsOnNothingElseInTheStudy() throws IOException {
    Study study =
        study("analyses: [samples, neighbours, sensitivity]\nevaluation: {examples: 300}\n");
    List<Analysis> asked = Analysis.of(study);

    assertThat(asked)
        .extracting(Analysis::canonical)
        .containsExactly(
            "analysis=samples;data=tetrominoes:preset=published,shape=J,resolution=32",
            "analysis=neighbours;data=tetrominoes:preset=published,shape=J,resolution=32;split=cv:0.00625;examples=all",
            "analysis=neighbours;data=tetrominoes:preset=published,shape=J,resolution=32;split=default;examples=all",
            "analysis=sensitivity;data=tetrominoes:preset=published,shape=J,resolution=32;unit=1/16;examples=300");
    assertThat(asked.getFirst().id())
        .isEqualTo(RunId.of(asked.getFirst().canonical()).hex())
        .hasSize(16);
  }

  @Test
  void aSampleOfNeighboursHasTheStudysExamplesAndPixels() throws IOException {
    List<Analysis> asked =
        Analysis.of(study("analyses: neighbour-sample\nevaluation: {examples: 300}\n"));

    assertThat(asked)
        .extracting(Analysis::canonical)
        .containsExactly(
            "analysis=neighbours;data=tetrominoes:preset=published,shape=J,resolution=16;split=cv:0.00625;examples=300",
            "analysis=neighbours;data=tetrominoes:preset=published,shape=J,resolution=16;split=default;examples=300");
  }

  @Test
  void allExamplesMeanAllImages() throws IOException {
    assertThat(Analysis.of(study("analyses: [neighbour-sample, sensitivity]")))
        .extracting(Analysis::canonical)
        .allMatch(text -> text.endsWith(";examples=all"));
    assertThatThrownBy(
            () -> new Analysis.Neighbours(DataSpec.Tetrominoes.published(), new Split.Default(), 0))
        .hasMessageContaining("examples must be");
  }

  @Test
  void evaluationsCoverTheDetailsTheyHave() {
    Evaluation without = new Evaluation(List.of("rate"), 10);
    Evaluation with = Evaluation.named(List.of("rate", "memorisation"), 10);

    assertThat(with.details()).containsExactly(Detail.MEMORISATION);
    assertThat(with.covers(without)).isTrue();
    assertThat(without.covers(with)).isFalse();
    assertThat(without.and(with)).isEqualTo(with);
  }
}
