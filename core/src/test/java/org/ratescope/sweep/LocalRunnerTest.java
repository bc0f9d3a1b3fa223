package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.estimate.Estimator;
import org.ratescope.estimate.Estimators;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;

class LocalRunnerTest {
  private static final Path CACHE = SharedCache.folder();

  @TempDir Path results;

  private int run(Study study) throws IOException, InterruptedException {
    RecordStore store = store();
    return LocalRunner.of(store, CACHE).run(Planner.of(store, 2).plan(study), Progress.SILENT);
  }

  private RecordStore store() {
    return RecordStore.at(results);
  }

  private RunRecord record(RunSpec run) throws IOException {
    return store().read(run.id()).orElseThrow();
  }

  @Test
  void everyRunWritesARecordWithBothSubsets() throws Exception {
    Study study = SmallStudy.of(List.of(0.1, 1.0), 40);
    assertThat(run(study)).isZero();
    assertThat(study.runs()).hasSize(8);
    for (RunSpec spec : study.runs()) {
      RunRecord record = record(spec);
      assertThat(record.spec()).isEqualTo(spec);
      assertThat(record.outcome()).isEqualTo(new Outcome.Finished(40));
      assertThat(record.estimates()).hasSize(6);
      assertThat(record.pictures()).extracting("name").containsExactly("easy", "typical", "hard");
      assertThat(record.provenance().trainExamples() + record.provenance().testExamples())
          .isEqualTo(163_840);
      for (Subset subset : Subset.values()) {
        Estimate elbo = record.estimate("elbo", subset).orElseThrow();
        Estimate distortion = record.estimate("distortion", subset).orElseThrow();
        Estimate rate = record.estimate("rate", subset).orElseThrow();
        assertThat(elbo.value()).isCloseTo(-distortion.value() - rate.value(), within(1e-9));
        assertThat(elbo.standardError()).isPositive();
        assertThat(elbo.examples()).isEqualTo(300);
      }
      assertThat(store().weightsFile(spec.id())).exists();
      assertThat(store().timingFile(spec.id())).exists();
    }
    assertThat(results.resolve("checkpoints")).isEmptyDirectory();
  }

  /** A listener's fault is none of the runs: no record says so, and the next call trains them. */
  @Test
  void aListenerThatFailsEndsTheSweep() throws Exception {
    Study study = SmallStudy.of(List.of(0.1, 1.0), 10);
    Progress broken =
        event -> {
          if (event instanceof ProgressEvent.RunRecorded) {
            throw new IllegalStateException("no connection");
          }
        };
    Plan plan = Planner.of(store(), 2).plan(study);
    assertThatThrownBy(() -> LocalRunner.of(store(), CACHE).run(plan, broken))
        .hasRootCauseMessage("no connection");
    assertThat(records()).hasSizeLessThan(8).isNotEmpty();
    assertThat(run(study)).isZero();
    assertThat(records()).hasSize(8);
  }

  @Test
  void runTrainsOnlyMissingRuns() throws Exception {
    run(SmallStudy.of(List.of(1.0), 30));
    Map<Path, String> before = records();
    Study wider = SmallStudy.of(List.of(1.0, 2.0), 30);
    Plan plan = Planner.of(store(), 2).plan(wider);
    assertThat(plan.done()).hasSize(4);
    assertThat(plan.runsToTrain()).isEqualTo(4);
    run(wider);
    assertThat(records()).hasSize(8).containsAllEntriesOf(before);
    assertThat(Planner.of(store(), 2).plan(wider).cohorts()).isEmpty();
    RunId lost = wider.runs().get(3).id();
    Files.delete(store().recordFile(lost));
    assertThat(Planner.of(store(), 2).plan(wider).cohorts())
        .singleElement()
        .satisfies(cohort -> assertThat(cohort.first().id()).isEqualTo(lost));
  }

  @Test
  void anotherEvaluationUsesTheStoredWeights() throws Exception {
    Study study = SmallStudy.of(List.of(1.0), 30);
    run(study);
    Study again = SmallStudy.of(List.of(1.0), 30, 1e-3, new Evaluation(List.of("distortion"), 500));
    Plan plan = Planner.of(store(), 2).plan(again);
    assertThat(plan.cohorts()).isEmpty();
    assertThat(plan.evaluations()).hasSize(4);
    Map<RunId, byte[]> weights = new HashMap<>();
    for (RunSpec run : study.runs()) {
      weights.put(run.id(), Files.readAllBytes(store().weightsFile(run.id())));
    }
    run(again);
    for (RunSpec spec : study.runs()) {
      assertThat(record(spec).estimates()).hasSize(6);
      assertThat(record(spec).estimate("rate", Subset.TEST).orElseThrow().examples())
          .isEqualTo(300);
      assertThat(record(spec).estimate("distortion", Subset.TEST).orElseThrow().examples())
          .isEqualTo(500);
      assertThat(Files.readAllBytes(store().weightsFile(spec.id())))
          .isEqualTo(weights.get(spec.id()));
    }
  }

  @Test
  void divergedRunsAreRecordedAndCounted() throws Exception {
    Study study = SmallStudy.of(List.of(1.0), 30, 1e30, new Evaluation(SmallStudy.ESTIMATORS, 300));
    assertThat(run(study)).isEqualTo(4);
    for (RunSpec spec : study.runs()) {
      assertThat(record(spec).outcome()).isInstanceOf(Outcome.Diverged.class);
      assertThat(record(spec).estimates()).isEmpty();
    }
    assertThat(Planner.of(store(), 2).plan(study).done()).hasSize(4);
  }

  @Test
  void aDamagedRecordIsReplaced() throws Exception {
    Study study = SmallStudy.of(List.of(1.0), 30);
    run(study);
    Map<Path, String> before = records();
    Path file = store().recordFile(study.runs().get(1).id());
    Files.writeString(file, Files.readString(file).substring(0, 500));
    Plan plan = Planner.of(store(), 2).plan(study);
    assertThat(plan.notes()).singleElement().asString().contains(file.toString());
    run(study);
    Files.delete(file.resolveSibling(file.getFileName() + ".damaged-1")); // what it was
    assertThat(records().keySet()).isEqualTo(before.keySet());
    assertThat(record(study.runs().get(1)).outcome()).isEqualTo(new Outcome.Finished(30));
  }

  /** An estimator that fails for the run that it evaluates. */
  private record Broken() implements Estimator {
    @Override
    public List<String> names() {
      return List.of("broken");
    }

    @Override
    public List<Estimate> estimate(
        TrainedModel model, EvaluationData data, Subset subset, long seed) {
      throw new IllegalStateException("no estimate today\nat all");
    }
  }

  @Test
  void tooManyFailuresStopASweep() throws Exception {
    Study study =
        SmallStudy.of(List.of(0.1, 1.0, 2.0), 20, 1e-3, new Evaluation(List.of("broken"), 300));
    RecordStore store = store();
    LocalRunner broken =
        LocalRunner.of(store, CACHE).workers(1).estimators(Estimators.standard().and(new Broken()));
    Planner planner = Planner.of(store, 6);
    List<Long> steps = new ArrayList<>();
    Plan plan = planner.plan(study);
    assertThatThrownBy(() -> broken.allowedFailures(1).run(plan, counting(steps)))
        .isInstanceOf(TooManyFailuresException.class)
        .hasMessageStartingWith("stopped: 2 runs failed, more than the limit of 1.");
    assertThat(planner.plan(study).done()).hasSizeBetween(2, 6);
    assertThat(record(study.runs().get(0)).outcome())
        .isEqualTo(new Outcome.Failed(0, "java.lang.IllegalStateException: no estimate today"));
    steps.clear();
    Plan rest = planner.plan(study);
    assertThat(broken.allowedFailures(12).run(rest, counting(steps))).isEqualTo(rest.runsToTrain());
    assertThat(steps.stream().mapToLong(n -> n).sum())
        .as("bars end full although all runs fail")
        .isEqualTo(rest.modelSteps());
  }

  private static Progress counting(List<Long> steps) {
    return new Progress() {
      @Override
      public void accept(ProgressEvent event) {
        switch (event) {
          case ProgressEvent.StepsResumed stepsResumed -> steps.add(stepsResumed.modelSteps());
          case ProgressEvent.StepsMade stepsMade -> {
            steps.add(stepsMade.modelSteps());
          }
          default -> {}
        }
      }
    };
  }

  @Test
  void anUnknownEstimatorIsNamedBeforeAnyWork() {
    Study study = SmallStudy.of(List.of(1.0), 30, 1e-3, new Evaluation(List.of("elbow"), 300));
    assertThatThrownBy(() -> run(study))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("got estimator \"elbow\"; expected distortion, rate, elbo");
    assertThat(results).isEmptyDirectory();
  }

  private Map<Path, String> records() throws IOException {
    Map<Path, String> texts = new HashMap<>();
    try (var files = Files.list(results.resolve("records"))) {
      for (Path file : files.toList()) {
        texts.put(file, Files.readString(file));
      }
    }
    return texts;
  }

  /** 163,840 rows times 0.3 is no whole number, which the published generator refuses. */
  @Test
  void anImpossibleSplitFailsBeforeTheImagesAreRendered(@TempDir Path cache) {
    Study plain = SmallStudy.of(List.of(1.0), 20, 1e-3, new Evaluation(SmallStudy.ESTIMATORS, 100));
    Study study =
        SmallStudy.varied(
            plain,
            List.of(new Split.ConstantVolume(0.3001)),
            plain.architectures(),
            plain.latentSizes());
    RecordStore store = RecordStore.at(cache.resolve("results"));
    Path images = cache.resolve("images");
    assertThatThrownBy(
            () ->
                LocalRunner.of(store, images)
                    .run(Planner.of(store, 1).plan(study), Progress.SILENT))
        .hasMessageContaining("cv ratio: got 0.3001");
    assertThat(images).doesNotExist();
  }
}
