package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sweep.SweepProcess.Order;

/** Several real processes work in one results folder. */
class SharedFolderTest {
  private static final Order ORDER = new Order(List.of(0.01, 0.1, 1.0), 1500, 2);

  private static final Path CACHE = SharedCache.folder();

  @TempDir static Path alone;

  private static Map<String, Integer> undisturbed = Map.of();

  @TempDir Path results;

  private final List<SweepProcess> processes = new ArrayList<>();

  private SweepProcess start(Order order) throws IOException {
    SweepProcess process = SweepProcess.start(results, CACHE, order);
    processes.add(process);
    return process;
  }

  @AfterEach
  void endProcesses() {
    processes.forEach(process -> process.process().destroyForcibly());
  }

  /** The results of one undisturbed process, this one. */
  @BeforeAll
  static void runUndisturbed() throws Exception {
    RecordStore store = RecordStore.at(alone);
    LocalRunner.of(store, CACHE).complete(ORDER.study(), Planner.of(store, 2), Progress.SILENT);
    undisturbed = SweepProcess.outcome(alone);
  }

  private static List<String> runs() {
    return ORDER.study().runs().stream().map(RunSpec::id).map(Object::toString).toList();
  }

  private List<String> began() throws Exception {
    List<String> began = new ArrayList<>();
    for (SweepProcess process : processes) {
      began.addAll(process.lines("began"));
    }
    return began;
  }

  private void assertNothingIsLeft() throws Exception {
    for (String folder : List.of("checkpoints", "leases/owners")) {
      assertThat(results.resolve(folder)).isEmptyDirectory();
    }
    try (Stream<Path> leases = Files.list(results.resolve("leases"))) {
      assertThat(leases).hasSize(1);
    }
  }

  /** Other numbers of workers form other cohorts of the same runs. */
  @Test
  void noRunIsTrainedTwiceOrLost() throws Exception {
    start(ORDER.workers(1));
    start(ORDER.workers(5));
    for (SweepProcess process : processes) {
      assertThat(process.exit()).isZero();
    }
    assertThat(began()).containsExactlyInAnyOrderElementsOf(runs());
    for (SweepProcess process : processes) {
      assertThat(process.lines("recorded"))
          .as("each is told of all runs that it had planned")
          .containsExactlyInAnyOrderElementsOf(runs());
    }
    assertNothingIsLeft();
  }

  /**
   * A scheduler's array: every task carries out its part, and the parts together are the whole
   * study.
   */
  @Test
  void shardsTogetherGiveTheSameBits() throws Exception {
    start(ORDER.workers(1).shard(1, 2));
    start(ORDER.workers(1).shard(2, 2));
    for (SweepProcess shard : processes) {
      assertThat(shard.exit()).isZero();
      assertThat(shard.lines("began")).hasSize(6);
    }
    assertThat(began()).containsExactlyInAnyOrderElementsOf(runs());
    assertNothingIsLeft();
    assertThat(SweepProcess.outcome(results)).isEqualTo(undisturbed);
  }

  /**
   * Another process takes over the leases of a suspended process; when it resumes, it writes
   * nothing.
   */
  @Test
  void leasesOfASuspendedProcessAreTakenOverAndItNotices() throws Exception {
    Order quick = ORDER.pace(200, 6000);
    SweepProcess paused = start(quick);
    paused.await("began");
    paused.signal("STOP");
    SweepProcess other = start(quick);
    assertThat(other.exit()).isZero();
    assertThat(other.lines("note").toString())
        .contains("process " + paused.process().pid() + " on");
    Map<String, Integer> before = SweepProcess.outcome(results);
    assertThat(before).isEqualTo(undisturbed);

    paused.signal("CONT");
    assertThat(paused.exit()).isZero();
    assertThat(paused.lines("note").toString()).contains("was taken over by another process");
    assertThat(SweepProcess.outcome(results)).isEqualTo(before);
    assertThat(SweepProcess.outcome(results)).hasSize(2 * runs().size());
    assertNothingIsLeft();
  }
}
