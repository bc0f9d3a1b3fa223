package org.ratescope.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;

/** Files that an executor without shared folders returns, over files of the results folder. */
class DriverMessageHandlerTest {
  private static final Study STUDY = SparkStudy.of("small", List.of(1.0), 5);
  private static final Cohort COHORT = new Cohort(STUDY.runs());

  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();

  private final Progress progress =
      event -> {
        if (event instanceof ProgressEvent.Note note) {
          notes.add(note.message());
        }
      };

  private static RunRecord record(RunSpec run, Outcome outcome, String version) {
    return new RunRecord(
        run,
        outcome,
        new Evaluation(List.of("rate"), 300),
        List.of(),
        List.of(),
        List.of(),
        new Provenance(version, "", "", "", "cpu", "0", "", 1, 1, List.of(run.id())));
  }

  /** Takes an answer with these records, which no file of the executor's folder precedes. */
  private int take(RecordStore store, List<RunRecord> records) throws IOException {
    RecordStore executor = RecordStore.at(folder.resolve("executor"));
    List<ExecutorMessage.Returned> files = new ArrayList<>();
    for (RunRecord record : records) {
      executor.write(record);
      Path file = executor.recordFile(record.id());
      files.add(
          new ExecutorMessage.Returned(
              executor.root().relativize(file).toString(), Files.readAllBytes(file)));
    }
    Set<RunId> wanted = COHORT.runs().stream().map(RunSpec::id).collect(Collectors.toSet());
    List<CohortTaskDescription> tasks =
        List.of(CohortTaskDescription.training(0, COHORT, wanted, Suite.of(STUDY), "0"));
    DriverMessageHandler handler = new DriverMessageHandler(tasks, store, progress, 100);
    handler.take(new ExecutorMessage.Answer(0, files));
    return handler.unfinished();
  }

  /** A run that had finished is trained again if its weights are lost. */
  @Test
  void aFailureDoesNotReplaceAFinishedRecord() throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    RunSpec finished = COHORT.first();
    store.write(record(finished, new Outcome.Finished(5), "old"));
    RunSpec diverged = COHORT.runs().get(1);
    store.write(record(diverged, new Outcome.Diverged(3), "old"));
    List<RunRecord> failures = new ArrayList<>();
    for (RunSpec run : COHORT.runs()) {
      failures.add(record(run, new Outcome.Failed(0, "no memory"), "new"));
    }
    assertThat(take(store, failures)).isEqualTo(COHORT.size() - 1);
    assertThat(store.read(finished.id()).orElseThrow().outcome())
        .isEqualTo(new Outcome.Finished(5));
    assertThat(store.read(diverged.id()).orElseThrow().outcome())
        .isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aFinishedRunReplacesAFinishedRecordAndDamagedFilesAreRenamed() throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    RunSpec finished = COHORT.first();
    store.write(record(finished, new Outcome.Finished(5), "old"));
    Path damaged = store.recordFile(COHORT.runs().get(1).id());
    Files.writeString(damaged, "damaged");
    Path weights = store.weightsFile(COHORT.runs().get(1).id());
    Files.createDirectories(weights.getParent());
    Files.writeString(weights, "damaged");
    List<RunRecord> records = new ArrayList<>();
    for (RunSpec run : COHORT.runs()) {
      records.add(record(run, new Outcome.Finished(5), "new"));
    }
    assertThat(take(store, records)).isZero();
    assertThat(store.read(finished.id()).orElseThrow().provenance().ratescope()).isEqualTo("new");
    for (Path file : List.of(damaged, weights)) {
      assertThat(file.resolveSibling(file.getFileName() + ".damaged-1")).hasContent("damaged");
    }
    assertThat(notes).hasSize(2).allMatch(note -> note.contains("(renamed to "));
  }
}
