package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Estimate;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.Subset;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;

/** What a record says after its run is evaluated again with another study. */
class EvaluatedAgainTest {
  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();

  private RecordStore store() {
    return RecordStore.at(folder.resolve("results"));
  }

  /** Trains or evaluates the one run of the study, and returns its record. */
  private RunRecord run(String estimators, int examples, Progress progress) throws Exception {
    Study study =
        NoiseStudy.of(
            folder,
            "noise",
            """
            objective: {beta: 1}
            restarts: 1
            evaluation: {estimators: [%s], examples: %d}
            """
                .formatted(estimators, examples));
    LocalRunner runner =
        LocalRunner.of(store(), folder.resolve("cache")).workers(1).withoutWaiting();
    runner.run(Planner.of(store(), 1).plan(study), progress);
    return store().read(study.runs().getFirst().id()).orElseThrow();
  }

  private RunRecord run(String estimators, int examples) throws Exception {
    return run(estimators, examples, Progress.SILENT);
  }

  private static int examples(RunRecord record, String name) {
    return record.estimate(name, Subset.TRAIN).orElseThrow().examples();
  }

  @Test
  void estimatesOnOtherExamplesStayButAreNotCountedAsRequested() throws Exception {
    assertThat(examples(run("distortion, rate", 30), "rate")).isEqualTo(30);
    RunRecord fewer = run("distortion", 20);
    assertThat(fewer.evaluation()).isEqualTo(new Evaluation(List.of("distortion"), 20));
    assertThat(examples(fewer, "distortion")).isEqualTo(20);
    assertThat(examples(fewer, "rate")).as("what stays").isEqualTo(30);
    assertThat(examples(run("distortion, rate", 20), "rate")).isEqualTo(20);
    RunRecord more = run("elbo", 20);
    assertThat(more.evaluation().estimators()).containsExactly("distortion", "rate", "elbo");
    assertThat(examples(more, "rate")).isEqualTo(20);
  }

  /** For example {@code copying.cell.9} after an evaluation that fills eight cells. */
  @Test
  void aNewEstimateReplacesAllDetailsOfTheOldOne() throws Exception {
    RunRecord first = run("distortion, rate", 30);
    List<Estimate> estimates = new ArrayList<>(first.estimates());
    estimates.add(new Estimate("distortion.cell.9", Subset.TRAIN, 1, 0, Estimate.NATS, 30));
    estimates.add(new Estimate("rate.cell.9", Subset.TRAIN, 1, 0, Estimate.NATS, 30));
    store()
        .write(
            new RunRecord(
                first.spec(),
                first.outcome(),
                first.evaluation(),
                estimates,
                first.trace(),
                first.curve(),
                first.pictures(),
                first.provenance()));
    RunRecord again = run("distortion", 20);
    assertThat(again.estimate("distortion.cell.9", Subset.TRAIN)).isEmpty();
    assertThat(again.estimate("rate.cell.9", Subset.TRAIN)).isPresent();
  }

  @Test
  void aRunThatAnotherProcessTookOverIsReported() throws Exception {
    RunId run = run("distortion", 30).id();
    Progress takingOver =
        new Progress() {
          @Override
          public void accept(ProgressEvent event) {
            switch (event) {
              case ProgressEvent.RunsStarted ignored -> takeOver(run);
              case ProgressEvent.Note note -> notes.add(note.message());
              default -> {}
            }
          }
        };
    assertThat(run("rate", 30, takingOver).estimate("rate", Subset.TRAIN)).isEmpty();
    assertThat(notes)
        .contains(
            "run %s was taken over by another process, or its lease was deleted: its results are not written here"
                .formatted(run));
  }

  private void takeOver(RunId run) {
    try {
      Files.writeString(store().leases().resolve(run.hex() + ".1"), "someone");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
