package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Estimators;
import org.ratescope.model.MemoryEstimate;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.WeightsFile;
import org.ratescope.plan.Forecast;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.tensor.Device;

/** A study of an architecture that is one file and one entry: read, planned, trained, evaluated. */
class ResidualMlpStudyTest {
  @TempDir Path folder;

  @Test
  void aStudyIsForecastTrainedAndEvaluated() throws Exception {
    Path file = folder.resolve("residual.yaml");
    Files.writeString(
        file,
        """
        name: residual
        title: A residual MLP in seconds
        data: {set: tetrominoes, resolution: 8}
        splits: [cv:0.05]
        architectures: [resmlp:2x8]
        latent: 3
        objective: {beta: [0.1, 1]}
        restarts: 2
        training: {iterations: 200, batch: 16, learning-rate: 0.001}
        evaluation: {estimators: [distortion, rate, elbo, logMarginal, encoderNorm], examples: 100}
        """);
    Study study = StudyFile.read(file);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Plan plan = Planner.of(store, 1).plan(study);
    assertThat(plan.cohorts()).hasSize(1);
    RunSpec first = study.runs().getFirst();
    long parameters = ParameterLayout.of(first).parameters();
    Forecast forecast =
        Forecast.of(
            plan, ImageLibrary.at(SharedCache.folder()), Estimators.standard(), 1, Device.CPU, 0.1);
    assertThat(forecast.seconds()).isPositive();
    assertThat(forecast.shapes().getFirst().parameters()).isEqualTo(parameters);
    assertThat(MemoryEstimate.of(first).training(4, 16))
        .isGreaterThan(4 * 5 * 4 * parameters + 4 * 16 * 4 * 3 * 192);
    assertThat(LocalRunner.of(store, SharedCache.folder()).run(plan, Progress.SILENT)).isZero();
    for (RunSpec run : study.runs()) {
      RunRecord record = store.read(run.id()).orElseThrow();
      assertThat(record.outcome()).isEqualTo(new Outcome.Finished(200));
      assertThat(record.spec().architecture().text()).isEqualTo("resmlp:2x8");
      LossPoint last = record.trace().getLast();
      assertThat(last.distortion()).isLessThan(0.5 * record.trace().getFirst().distortion());
      double elbo = record.estimate("elbo", Subset.TEST).orElseThrow().value();
      assertThat(elbo).isNegative();
      assertThat(record.estimate("logMarginal", Subset.TEST).orElseThrow().value())
          .isGreaterThan(elbo);
      assertThat(record.estimate("encoderNorm.encoder.2.output", Subset.TRAIN)).isPresent();
      WeightsFile.check(store.weightsFile(run.id()), run);
    }
    assertThat(Planner.of(store, 1).plan(study).cohorts()).isEmpty();
  }

  /** Early stopping sets whole batches aside, here as many images as a trial has. */
  @Test
  void largeBatchesWithEarlyStoppingAreForecast() throws Exception {
    Study study =
        StudyFile.read(
            Files.writeString(
                folder.resolve("large.yaml"),
                """
                data: {set: tetrominoes, resolution: 4}
                splits: [cv:0.5]
                architectures: [mlp:1x2]
                latent: 1
                objective: {beta: 1}
                restarts: 1
                training: {iterations: 10, batch: 2048, early-stopping: "patience:10"}
                evaluation: {estimators: [distortion], examples: 10}
                """));
    Plan plan = Planner.of(RecordStore.at(folder.resolve("results")), 1).plan(study);
    Forecast forecast =
        Forecast.of(
            plan, ImageLibrary.at(SharedCache.folder()), Estimators.standard(), 1, Device.CPU, 0.1);
    assertThat(forecast.seconds()).isPositive();
    assertThat(forecast.checkpointBytes())
        .isEqualTo(5 * MemoryEstimate.of(study.runs().getFirst()).rows(1));
  }
}
