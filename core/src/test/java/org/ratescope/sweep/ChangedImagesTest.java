package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Another program changes the image cache while runs train. */
class ChangedImagesTest {
  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();

  private Path cache() {
    return folder.resolve("cache");
  }

  private RecordStore store(String name) {
    return RecordStore.at(folder.resolve(name));
  }

  private LocalRunner runner(RecordStore store) {
    return LocalRunner.of(store, cache()).workers(1);
  }

  private static int run(LocalRunner runner, RecordStore store, Study study) throws Exception {
    return runner.run(Planner.of(store, 1).plan(study), Progress.SILENT);
  }

  /** Four runs, with the analyses of the splits. */
  private Study study(String name) throws IOException {
    return NoiseStudy.of(
        folder,
        name,
        """
        objective: {beta: [0.1, 1]}
        restarts: 2
        evaluation: {estimators: [distortion, rate], examples: 40}
        analyses: [splits]
        """);
  }

  /** Does something once, when the first run is recorded. */
  private Progress disturbing(DisturbingProgress.Deed deed) {
    return new DisturbingProgress(ProgressEvent.RunRecorded.class, notes, deed);
  }

  private List<Path> images() throws IOException {
    try (Stream<Path> files = Files.walk(cache())) {
      return files.filter(f -> f.getFileName().toString().startsWith("images.")).toList();
    }
  }

  /** Changes a byte of each data set's images. */
  private void overwrite() throws IOException {
    for (Path file : images()) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        assertThat(channel.read(one, 32)).isEqualTo(1);
        one.put(0, (byte) (one.get(0) + 1));
        assertThat(channel.write(one.flip(), 32)).isEqualTo(1);
      }
    }
  }

  private static Path renamed(Path record) {
    return record.resolveSibling(record.getFileName() + ".damaged-1");
  }

  @Test
  void recordsOfChangedImagesAreRenamedAndTrainedAgain() throws Exception {
    Study study = study("one");
    RecordStore undisturbed = store("undisturbed");
    assertThat(run(runner(undisturbed), undisturbed, study)).isZero();

    RecordStore store = store("results");
    Plan plan = Planner.of(store, 1).plan(study);
    assertThatThrownBy(() -> runner(store).run(plan, disturbing(this::overwrite)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("changed during this call (chunk 0 of images.u8")
        .hasMessageContaining(
            "The %d records of this call were renamed"
                .formatted(study.runs().size() + Analysis.of(study).size()));
    for (RunSpec run : study.runs()) {
      assertThat(store.read(run.id())).isEmpty();
      assertThat(renamed(store.recordFile(run.id()))).isRegularFile();
    }

    assertThat(run(runner(store), store, study)).isZero();
    for (RunSpec run : study.runs()) {
      assertThat(store.read(run.id()).orElseThrow().estimates())
          .isEqualTo(undisturbed.read(run.id()).orElseThrow().estimates());
    }
  }

  /** A running sweep reads the file that it has mapped, which a rename does not change. */
  @Test
  void aCacheThatIsBuiltAgainChangesNothing() throws Exception {
    Study study = study("one");
    RecordStore store = store("results");
    Plan plan = Planner.of(store, 1).plan(study);
    List<String> built = new ArrayList<>();
    Progress rebuilding =
        disturbing(
            () -> {
              Files.delete(images().getFirst().resolveSibling("meta.json"));
              BuildListener listener = (what, done, total) -> built.add(what);
              assertThat(ImageLibrary.at(cache()).open(study.data(), listener).size())
                  .isEqualTo(80);
              overwrite(); // of the new file
            });
    assertThat(runner(store).run(plan, rebuilding)).isZero();
    assertThat(built).isNotEmpty();
    for (RunSpec run : study.runs()) {
      assertThat(store.read(run.id())).isPresent();
    }
  }

  /** All data sets are compared, and records of analyses count. */
  @Test
  void anInterruptedCallRenamesItsRecordsToo() throws Exception {
    Study one = study("one");
    Study other = study("other");
    Suite both = Suite.of("both", "Both", Optional.empty(), List.of(one, other), List.of());
    RecordStore store = store("results");
    Plan plan = Planner.of(store, 1).plan(both);
    Thread caller = Thread.currentThread();
    Progress interrupting =
        disturbing(
            () -> {
              overwrite();
              caller.interrupt();
            });
    assertThatThrownBy(() -> runner(store).run(plan, interrupting))
        .isInstanceOf(InterruptedException.class);
    assertThat(notes)
        .anyMatch(note -> note.startsWith(one.data().text() + ": the images in"))
        .anyMatch(note -> note.startsWith(other.data().text() + ": the images in"));
    for (RunSpec run : both.runs()) {
      assertThat(store.read(run.id())).isEmpty();
    }
    for (Study study : both.studies()) {
      assertThat(Analysis.of(study)).isNotEmpty();
      for (Analysis analysis : Analysis.of(study)) {
        assertThat(store.dataFile(analysis)).doesNotExist();
        assertThat(renamed(store.dataFile(analysis))).isRegularFile();
      }
    }
    assertThat(run(runner(store), store, one)).isZero();
  }

  /** The other runs of a cohort are trained again with a lost one, but not recorded again. */
  @Test
  void recordsOfEarlierCallsStay() throws Exception {
    Study study = study("one");
    RecordStore store = store("results");
    assertThat(run(runner(store), store, study)).isZero();
    RunSpec lost = study.runs().getFirst();
    Files.writeString(store.recordFile(lost.id()), "damaged");
    Plan plan = Planner.of(store, 1).plan(study);
    assertThat(plan.cohorts().getFirst().runs()).hasSize(4);
    assertThatThrownBy(() -> runner(store).run(plan, disturbing(this::overwrite)))
        .hasMessageContaining("The 1 records of this call were renamed");
    assertThat(store.read(lost.id())).isEmpty();
    for (RunSpec run : study.runs().subList(1, 4)) {
      assertThat(store.read(run.id())).isPresent();
    }
  }
}
