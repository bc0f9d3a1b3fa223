package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Estimators;
import org.ratescope.plan.Forecast;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Scope;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;
import org.ratescope.train.TrainingState;

/** A study of small convolutional networks, from images to records. */
class CnnStudyTest {
  private static final Path CACHE = SharedCache.folder();

  @TempDir Path results;

  @Test
  void aStudyRunsResumesAndIsEvaluated() throws Exception {
    Study study = study(new Evaluation(SmallStudy.ESTIMATORS, 100), 30);
    RecordStore store = RecordStore.at(results);
    Plan plan = Planner.of(store, 1).plan(study);
    assertThat(plan.cohorts()).hasSize(1);
    begin(store, plan.cohorts().getFirst());
    assertThat(Planner.of(store, 1).plan(study).cohorts()).isEqualTo(plan.cohorts());
    assertThat(run(store, study)).isZero();
    for (RunSpec run : study.runs()) {
      RunRecord record = store.read(run.id()).orElseThrow();
      assertThat(record.outcome()).isEqualTo(new Outcome.Finished(30));
      assertThat(record.spec().architecture()).isEqualTo(Architecture.parse("cnn:1x8"));
      assertThat(record.estimate("elbo", Subset.TEST).orElseThrow().value()).isNegative();
      assertThat(record.pictures()).hasSize(3);
    }
    Study more =
        study.evaluation(new Evaluation(List.of("encoderNorm", "decoderNorm", "logMarginal"), 100));
    assertThat(Planner.of(store, 1).plan(more).evaluations()).hasSize(study.runs().size());
    run(store, more);
    for (RunSpec run : more.runs()) {
      RunRecord record = store.read(run.id()).orElseThrow();
      assertThat(record.estimate("encoderNorm.encoder.0", Subset.TRAIN).orElseThrow().value())
          .isPositive();
      assertThat(record.estimate("decoderNorm", Subset.TRAIN).orElseThrow().settings())
          .isEqualTo("mean over 2 weight matrices");
      assertThat(record.estimate("logMarginal", Subset.TEST).orElseThrow().value())
          .isGreaterThan(record.estimate("elbo", Subset.TEST).orElseThrow().value());
    }
    Forecast forecast =
        Forecast.of(
            Planner.of(store, 1).plan(study(more.evaluation(), 31)),
            ImageLibrary.at(CACHE),
            Estimators.standard(),
            1,
            Device.CPU,
            0.1);
    assertThat(forecast.seconds()).isPositive();
    assertThat(forecast.shapes().getFirst().parameters()).isEqualTo(2065);
  }

  /** Stops the cohort like a killed process: with a checkpoint, and without a record. */
  private static void begin(RecordStore store, Cohort cohort) throws IOException {
    Libtorch.useOneThread();
    try (Scope scope = new Scope()) {
      Checkpoint.of(store.checkpoints(), cohort, Duration.ofDays(1))
          .write(TrainingState.initial(cohort));
    }
  }

  private static int run(RecordStore store, Study study) throws IOException, InterruptedException {
    return LocalRunner.of(store, CACHE).run(Planner.of(store, 1).plan(study), Progress.SILENT);
  }

  private static Study study(Evaluation evaluation, int iterations) {
    return new Study(
        "cnn",
        "Convolutional networks in seconds",
        new DataSpec.Tetrominoes(DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, 8),
        List.of(new Split.ConstantVolume(0.05)),
        List.of(Architecture.parse("cnn:1x8")),
        List.of(3),
        List.of(Likelihood.parse("bernoulli")),
        List.of(Prior.normal()),
        List.of(Objective.beta(0.1), Objective.beta(1)),
        2,
        0,
        List.of(new Training(iterations, 16, 1e-3, Precision.FLOAT32)),
        Optional.empty(),
        evaluation,
        List.of(),
        List.of());
  }
}
