package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;

/** Runs that diverge in float32 are trained again in float64 if the study requests it. */
class RepeatTest {
  private static final Path CACHE = SharedCache.folder();

  /**
   * At this step size three of the four runs overflow float32 within two updates, and none float64.
   */
  private static final double LEARNING_RATE = 12;

  @TempDir Path results;

  @Test
  void divergedRunsAreRepeatedAsSeparateRuns() throws Exception {
    Study study = study(Optional.of(Precision.FLOAT64));
    RecordStore store = RecordStore.at(results);
    Planner planner = Planner.of(store, 2);
    Plan first = planner.plan(study);
    assertThat(first.runs()).isEqualTo(4);
    Notes notes = new Notes();
    LocalRunner.of(store, CACHE).complete(study, planner, notes);
    assertThat(notes.messages).contains("3 runs that diverged are repeated in float64");
    int diverged = 0;
    for (RunSpec run : study.runs()) {
      Outcome outcome = store.read(run.id()).orElseThrow().outcome();
      RunSpec twin = run.precision(Precision.FLOAT64);
      assertThat(study.repeatOf(run)).contains(twin);
      assertThat(study.repeatOf(twin)).isEmpty();
      if (outcome instanceof Outcome.Diverged) {
        diverged++;
        RunRecord repeated = store.read(twin.id()).orElseThrow();
        assertThat(repeated.outcome()).isEqualTo(new Outcome.Finished(12));
        assertThat(repeated.estimates()).hasSize(6);
      } else {
        assertThat(store.read(twin.id())).isEmpty();
      }
    }
    assertThat(diverged).isEqualTo(3);
    Plan after = planner.plan(study);
    assertThat(after.isToDo()).isFalse();
    assertThat(after.done()).hasSize(7);
    List<RunSpec> evaluated = planner.evaluation(Suite.of(study)).evaluations();
    assertThat(evaluated).hasSize(4).allMatch(run -> finished(store, run));
    assertThat(Planner.runsAndRepeats(Suite.of(study), store)).hasSize(7).containsAll(evaluated);

    RunSpec repeat =
        evaluated.stream().filter(run -> !study.runs().contains(run)).findFirst().orElseThrow();
    Files.write(store.weightsFile(repeat.id()), new byte[100]);
    Plan last = LocalRunner.of(store, CACHE).evaluate(Suite.of(study), planner, notes);
    assertThat(last.evaluations()).containsExactlyInAnyOrderElementsOf(evaluated);
    assertThat(store.read(repeat.id()).orElseThrow().outcome()).isEqualTo(new Outcome.Finished(12));
    assertThat(store.lostWeights()).isEmpty();
  }

  @Test
  void repeatsWaitForTheGridAndFormTheSameCohortsAfterAKill() throws Exception {
    Study study = study(Optional.of(Precision.FLOAT64));
    RecordStore store = RecordStore.at(results);
    Planner planner = Planner.of(store, 2);
    LocalRunner runner = LocalRunner.of(store, CACHE);
    assertThat(runner.run(planner.plan(study), Progress.SILENT)).isEqualTo(3);
    assertThat(planner.evaluation(Suite.of(study)).runs())
        .as("no repeat has a record")
        .isEqualTo(4);
    List<Cohort> repeats = planner.plan(study).cohorts();
    assertThat(repeats).hasSize(2);
    RunSpec sound =
        study.runs().stream().filter(run -> finished(store, run)).findFirst().orElseThrow();
    Files.delete(store.recordFile(sound.id())); // as if the kill had happened a little earlier
    assertThat(planner.plan(study).cohorts())
        .singleElement()
        .satisfies(cohort -> assertThat(cohort.runs()).containsExactly(sound));
    assertThat(runner.run(planner.plan(study), Progress.SILENT)).isZero();
    assertThat(planner.plan(study).cohorts()).isEqualTo(repeats);
    for (RunSpec run : repeats.getFirst().runs()) { // one of two cohorts is done
      store.write(record(run));
    }
    assertThat(planner.plan(study).cohorts()).containsExactly(repeats.getLast());
  }

  @Test
  void nothingIsRepeatedByDefault() throws Exception {
    Study study = study(Optional.empty());
    RecordStore store = RecordStore.at(results);
    Planner planner = Planner.of(store, 2);
    LocalRunner.of(store, CACHE).complete(study, planner, Progress.SILENT);
    assertThat(planner.plan(study).isToDo()).isFalse();
    assertThat(planner.plan(study).done()).hasSize(4);
  }

  private static boolean finished(RecordStore store, RunSpec run) {
    try {
      return store.read(run.id()).orElseThrow().outcome() instanceof Outcome.Finished;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RunRecord record(RunSpec run) {
    return new RunRecord(
        run,
        new Outcome.Finished(12),
        new Evaluation(SmallStudy.ESTIMATORS, 300),
        List.of(),
        List.of(),
        List.of(),
        new Provenance("test", "test", "test", "test", "cpu", "0", "", 1, 1, List.of(run.id())));
  }

  private static final class Notes implements Progress {
    private final List<String> messages = new ArrayList<>();

    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.Note note -> {
          messages.add(note.message());
        }
        default -> {}
      }
    }
  }

  private static Study study(Optional<Precision> repeat) {
    Study s =
        SmallStudy.of(List.of(1.0), 12, LEARNING_RATE, new Evaluation(SmallStudy.ESTIMATORS, 300));
    return new Study(
        s.name(),
        s.title(),
        s.data(),
        s.splits(),
        s.architectures(),
        s.latentSizes(),
        s.likelihoods(),
        List.of(Prior.normal()),
        s.objectives(),
        s.restarts(),
        s.seed(),
        s.trainings(),
        repeat,
        s.evaluation(),
        s.figures(),
        List.of());
  }
}
