package org.ratescope.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Forecast;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.record.Outcome;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunRecord;
import org.ratescope.source.ImageLibrary;
import org.ratescope.study.Architecture;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Half;
import org.ratescope.study.Likelihood;
import org.ratescope.study.Objective;
import org.ratescope.study.Precision;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Split;
import org.ratescope.study.Study;
import org.ratescope.study.Training;
import org.ratescope.torch.Engine;
import org.ratescope.torch.Scope;
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
      assertThat(record.spec().architecture()).isEqualTo(new Architecture.Cnn(1, 8));
      assertThat(record.estimate("elbo", Half.TEST).orElseThrow().value()).isNegative();
      assertThat(record.pictures()).hasSize(3);
    }
    Study more =
        study.evaluation(new Evaluation(List.of("encoderNorm", "decoderNorm", "logMarginal"), 100));
    assertThat(Planner.of(store, 1).plan(more).evaluations()).hasSize(study.runs().size());
    run(store, more);
    for (RunSpec run : more.runs()) {
      RunRecord record = store.read(run.id()).orElseThrow();
      assertThat(record.estimate("encoderNorm.encoder.0", Half.TRAIN).orElseThrow().value())
          .isPositive();
      assertThat(record.estimate("decoderNorm", Half.TRAIN).orElseThrow().settings())
          .isEqualTo("mean over 2 weight matrices");
      assertThat(record.estimate("logMarginal", Half.TEST).orElseThrow().value())
          .isGreaterThan(record.estimate("elbo", Half.TEST).orElseThrow().value());
    }
    Forecast forecast =
        Forecast.of(
            Planner.of(store, 1).plan(study(more.evaluation(), 31)),
            ImageLibrary.at(CACHE),
            1,
            0.1);
    assertThat(forecast.seconds()).isPositive();
    assertThat(forecast.shapes().getFirst().parameters()).isEqualTo(2065);
  }

  /** Leaves the cohort as a killed process does: a checkpoint, and no record. */
  private static void begin(RecordStore store, Cohort cohort) throws IOException {
    Engine.useOneThread();
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
        List.of(new Architecture.Cnn(1, 8)),
        List.of(3),
        List.of(new Likelihood.Bernoulli()),
        List.of(Objective.beta(0.1), Objective.beta(1)),
        2,
        0,
        List.of(new Training(iterations, 16, 1e-3, Precision.FLOAT32)),
        Optional.empty(),
        evaluation,
        List.of());
  }
}
