package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.model.MemoryEstimate;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.WeightsFile;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/** A study of all priors: read, planned, trained in cohorts, evaluated, recorded. */
class PriorStudyTest {
  private static final String STUDY =
      """
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.05]
      architectures: [mlp:1x8]
      latent: 2
      prior: [normal, gaussian, "mixture:4", "vamp:4", "exemplar:4", "flow:2"]
      objective: {beta: [0.1, 1]}
      restarts: 1
      training: {iterations: 100, batch: 16}
      evaluation: {estimators: [rate, elbo, mutualInformation, marginalKl, logMarginal], examples: 12}
      """;

  @TempDir Path folder;

  @Test
  void aStudyOfAllPriorsIsTrainedAndEvaluated() throws Exception {
    Study study = StudyFile.read(Files.writeString(folder.resolve("priors.yaml"), STUDY));
    RecordStore store = RecordStore.at(folder.resolve("results"));
    assertThat(Planner.of(store, 1).plan(study).cohorts())
        .hasSize(6)
        .allMatch(cohort -> cohort.size() == 2);
    assertThat(
            LocalRunner.of(store, SharedCache.folder())
                .run(Planner.of(store, 1).plan(study), Progress.SILENT))
        .isZero();
    for (RunSpec run : study.runs()) {
      RunRecord record = store.read(run.id()).orElseThrow();
      assertThat(record.spec()).isEqualTo(run);
      assertThat(record.outcome()).isEqualTo(new Outcome.Finished(100));
      assertThat(record.trace().getLast().distortion())
          .isLessThan(record.trace().getFirst().distortion());
      for (Subset subset : Subset.values()) {
        double sum =
            value(record, "mutualInformation", subset) + value(record, "marginalKl", subset);
        assertThat(value(record, "rate", subset)) // one code for each of 12 examples
            .as("rate of %s", run.prior().text())
            .isCloseTo(sum, within(1.5));
        assertThat(value(record, "logMarginal", subset))
            .isGreaterThan(value(record, "elbo", subset));
      }
      WeightsFile.check(store.weightsFile(run.id()), run);
      assertThat(Files.readString(store.recordFile(run.id())).contains("\"prior\""))
          .isEqualTo(!run.prior().text().equals("normal"));
    }
    assertThat(Planner.of(store, 1).plan(study).cohorts()).isEmpty();
  }

  private static double value(RunRecord record, String name, Subset subset) {
    return record.estimate(name, subset).orElseThrow().value();
  }

  @Test
  void theForecastOfMemoryKnowsThePrior() throws Exception {
    Study study = StudyFile.read(Files.writeString(folder.resolve("priors.yaml"), STUDY));
    List<RunSpec> runs = study.runs().stream().filter(r -> r.objective().betaKl() == 1).toList();
    long normal = MemoryEstimate.of(runs.getFirst()).training(1, 16);
    for (RunSpec run : runs.subList(1, runs.size())) {
      long more = ParameterLayout.of(run).size() - ParameterLayout.of(runs.getFirst()).size();
      assertThat(more).as(run.prior().text()).isPositive();
      assertThat(MemoryEstimate.of(run).training(1, 16))
          .isGreaterThanOrEqualTo(normal + 5 * 4 * more);
    }
  }

  @Test
  void moreComponentsThanImagesAreAnErrorBeforeAnyWork() throws Exception {
    Study study =
        StudyFile.read(
            Files.writeString(
                folder.resolve("priors.yaml"), STUDY.replace("mixture:4", "mixture:60000")));
    RecordStore store = RecordStore.at(folder.resolve("results"));
    assertThatThrownBy(
            () ->
                LocalRunner.of(store, SharedCache.folder())
                    .run(Planner.of(store, 1).plan(study), Progress.SILENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prior mixture:60000 needs at least 60000 training images");
    assertThat(store.recordFile(study.runs().getFirst().id())).doesNotExist();
  }
}
