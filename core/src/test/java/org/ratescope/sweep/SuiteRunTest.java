package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.Estimate;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** A suite over several data sets, some of which are missing. */
class SuiteRunTest {
  private static final Study FOUR = SmallStudy.of("four", 4, List.of(0.1, 1.0), 30);
  private static final Study EIGHT = SmallStudy.of("eight", 8, List.of(1.0), 30);

  /** Requests another estimate for the runs with beta 1. */
  private static final Study NORMS =
      SmallStudy.of(
          "norms", 4, List.of(1.0), 30, 1e-3, new Evaluation(List.of("decoderNorm"), 300));

  private static final Path CACHE = SharedCache.folder();

  @TempDir Path results;

  private static Suite suite(Study... studies) {
    return Suite.of("suite", "A suite", Optional.empty(), List.of(studies), List.of());
  }

  /** Stores the messages. */
  private static final class Notes implements Progress {
    private final List<String> notes = new ArrayList<>();
    private int begun;

    @Override
    public synchronized void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.SweepStarted sweepStarted -> {
          begun = sweepStarted.plan().runsToTrain();
        }
        case ProgressEvent.Note note -> {
          notes.add(note.message());
        }
        default -> {}
      }
    }
  }

  private Notes run(Suite suite, Path images) throws IOException, InterruptedException {
    Notes notes = new Notes();
    RecordStore store = RecordStore.at(results);
    LocalRunner.of(store, images).complete(suite, Planner.of(store, 2), notes);
    return notes;
  }

  private Optional<RunRecord> record(RunSpec run) throws IOException {
    return RecordStore.at(results).read(run.id());
  }

  @Test
  void everyDataSetHasItsRuns() throws Exception {
    Suite suite = suite(FOUR, EIGHT, NORMS);
    Notes notes = run(suite, CACHE);

    assertThat(notes.notes).isEmpty();
    assertThat(notes.begun).isEqualTo(suite.runs().size());
    for (RunSpec run : suite.runs()) {
      RunRecord record = record(run).orElseThrow();
      assertThat(record.outcome()).isEqualTo(new Outcome.Finished(30));
      assertThat(record.evaluation()).isEqualTo(suite.evaluation(run));
      assertThat(record.estimate("distortion", Subset.TEST).map(Estimate::examples)).contains(300);
      assertThat(record.estimate("decoderNorm", Subset.TRAIN).isPresent())
          .isEqualTo(NORMS.runs().contains(run));
    }
    assertThat(Planner.of(RecordStore.at(results), 2).plan(suite).isToDo()).isFalse();
    assertThat(Planner.of(RecordStore.at(results), 2).plan(NORMS).isToDo())
        .as("a study of a suite is done with it")
        .isFalse();
  }

  private static Path images(Path cache, Study study) {
    return ImageLibrary.at(cache).folder(Tetrominoes.of((DataSpec.Tetrominoes) study.data()));
  }

  /** Images of FOUR; a file is in place of the folder of EIGHT's images. */
  private Path cacheWithoutEight() throws IOException {
    ImageSet unused = ImageLibrary.at(CACHE).open(FOUR.data(), BuildListener.SILENT);
    Path broken = Files.createDirectory(results.resolve("images-of-four"));
    try (Stream<Path> files = Files.walk(images(CACHE, FOUR))) {
      for (Path file : files.toList()) {
        Path copy = broken.resolve(CACHE.relativize(file));
        Files.createDirectories(copy.resolve(".."));
        Files.copy(file, copy);
      }
    }
    Files.writeString(images(broken, EIGHT), "no folder");
    return broken;
  }

  @Test
  void aMissingDataSetDoesNotStopTheOthers() throws Exception {
    Path broken = cacheWithoutEight();
    Notes notes = run(suite(EIGHT, FOUR), broken);

    assertThat(notes.notes)
        .singleElement()
        .asString()
        .startsWith(EIGHT.data().text() + " is not available, its runs stay missing: ");
    assertThat(notes.begun).isEqualTo(FOUR.runs().size());
    for (RunSpec run : FOUR.runs()) {
      assertThat(record(run)).isPresent();
    }
    for (RunSpec run : EIGHT.runs()) {
      assertThat(record(run)).isEmpty();
    }
  }

  @Test
  void aMissingDataSetIsAnErrorIfThereIsNoOther() throws Exception {
    Path broken = cacheWithoutEight();
    assertThatThrownBy(() -> run(suite(EIGHT), broken)).isInstanceOf(IOException.class);
  }
}
