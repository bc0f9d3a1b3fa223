package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Study;

/** Changes by others in a results folder during a sweep. */
@Isolated("its process counts as dead after a second")
class LostLeasesTest {
  private static final Study STUDY = SmallStudy.of(List.of(0.01, 1.0), 100);

  @TempDir static Path shared;

  private static Map<String, Integer> undisturbed;

  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();

  @BeforeAll
  static void runUndisturbed() throws Exception {
    RecordStore store = RecordStore.at(shared.resolve("undisturbed"));
    Plan left = runner(store).complete(STUDY, Planner.of(store, 2), Progress.SILENT);
    assertThat(left.isToDo()).isFalse();
    undisturbed = SweepProcess.outcome(store.root());
  }

  private static LocalRunner runner(RecordStore store) {
    return LocalRunner.of(store, SharedCache.folder())
        .workers(2)
        .pace(new HeartbeatConfig(Duration.ofMillis(100), Duration.ofMillis(1000)))
        .checkpointEvery(Duration.ofMillis(20));
  }

  /** Does something once, when training has started. */
  private Progress disturbing(DisturbingProgress.Deed deed) {
    return new DisturbingProgress(ProgressEvent.StepsMade.class, notes, deed);
  }

  /** Somebody deletes all leases: their runs are still trained. */
  @Test
  void runsWhoseLeasesAreDeletedAreStillTrained() throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Progress tidying =
        disturbing(
            () -> {
              try (Stream<Path> files = Files.list(store.leases())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                  Files.delete(file);
                }
              }
            });
    Plan left = runner(store).complete(STUDY, Planner.of(store, 2), tidying);
    assertThat(notes.toString()).contains("or its lease was deleted");
    assertThat(left.isToDo()).isFalse();
    assertThat(SweepProcess.outcome(store.root())).isEqualTo(undisturbed);
    assertThat(store.checkpoints()).isEmptyDirectory();
  }

  /**
   * Without waiting, like a shard, the call leaves runs that others took over, and reports them.
   */
  @Test
  void runsThatAnotherProcessTookOverAreNotWrittenAndCounted() throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Progress takingOver =
        disturbing(
            () -> {
              try (Stream<Path> files = Files.list(store.leases())) {
                for (Path file : files.filter(f -> f.toString().endsWith(".0")).toList()) {
                  Path next = Path.of(file.toString().replaceFirst("0$", "1"));
                  Files.writeString(next, "someone");
                }
              }
            });
    Plan left = runner(store).withoutWaiting().complete(STUDY, Planner.of(store, 2), takingOver);
    assertThat(left.wanted()).isNotEmpty();
    assertThat(notes.toString()).contains("pieces of work are leased by");
  }

  @Test
  void aRenamedFolderEndsTheCallWithoutStrayFiles() throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Path renamed = folder.resolve("renamed");
    Progress renaming = disturbing(() -> Files.move(store.root(), renamed));
    assertThatThrownBy(() -> runner(store).complete(STUDY, Planner.of(store, 2), renaming))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(store.root().toString())
        .hasMessageContaining("was renamed or removed while runs were trained");
    assertThat(store.root()).doesNotExist();
    RecordStore moved = RecordStore.at(renamed);
    Plan left = runner(moved).complete(STUDY, Planner.of(moved, 2), Progress.SILENT);
    assertThat(left.isToDo()).isFalse();
    assertThat(SweepProcess.outcome(renamed)).isEqualTo(undisturbed);
  }
}
