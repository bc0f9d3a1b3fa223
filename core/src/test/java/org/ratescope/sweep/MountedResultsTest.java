package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sweep.SweepProcess.Order;

/**
 * Results on a separate file system: one that is really full, and one that is really read-only,
 * also for root. Skipped if mounting is not allowed.
 */
class MountedResultsTest {
  private static final Order ORDER = new Order(List.of(0.1, 1.0), 300, 2).shapes(2);

  @TempDir static Path shared;

  private static Map<String, Integer> undisturbed = Map.of();

  @TempDir Path folder;

  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    String refusal = call("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString());
    assumeThat(refusal).as("skipped: this account may not mount a file system").isEmpty();
  }

  @AfterEach
  void unmount() throws Exception {
    String unused = call("umount", disk.toString());
  }

  private void remount(String options) throws Exception {
    assertThat(call("mount", "-o", "remount," + options, disk.toString())).isEmpty();
  }

  /** The error of a command; empty if it succeeded. */
  private static String call(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : "cannot " + String.join(" ", command) + ": " + said;
    } catch (IOException e) {
      return e.toString();
    }
  }

  @BeforeAll
  static void runUndisturbed() throws Exception {
    RecordStore store = RecordStore.at(shared.resolve("undisturbed"));
    LocalRunner.of(store, SharedCache.folder())
        .complete(ORDER.study(), Planner.of(store, ORDER.workers()), Progress.SILENT);
    undisturbed = SweepProcess.outcome(store.root());
    assertThat(undisturbed).hasSize(2 * ORDER.study().runs().size());
  }

  private SweepProcess sweep() throws IOException {
    return SweepProcess.start(disk.resolve("results"), SharedCache.folder(), ORDER);
  }

  /** The line with which a sweep ended, which names a file of the results. */
  private String failure(SweepProcess sweep) throws Exception {
    assertThat(sweep.exit()).isEqualTo(1);
    assertThat(sweep.lines("failed")).hasSize(1);
    assertThat(sweep.lines("failed").getFirst()).contains(disk.resolve("results") + "/");
    return sweep.lines("failed").getFirst();
  }

  private Set<String> finished() throws IOException {
    RecordStore store = RecordStore.at(disk.resolve("results"));
    Set<String> finished = new HashSet<>();
    for (RunSpec run : ORDER.study().runs()) {
      store.read(run.id()).ifPresent(record -> finished.add(record.id().hex()));
    }
    return finished;
  }

  /**
   * The disk is full repeatedly, each time later, and finally has space. The space that a sweep
   * needs depends on how many of its cohorts have a checkpoint at the same time.
   */
  @Test
  void aFullDiskLosesNothing() throws Exception {
    Set<String> before = Set.of();
    List<Integer> records = new ArrayList<>();
    int kilobytes = 64;
    for (SweepProcess sweep = sweep(); sweep.exit() != 0; sweep = sweep()) {
      assertThat(failure(sweep)).contains("No space left on device");
      assertThat(finished()).containsAll(before);
      before = finished();
      records.add(before.size());
      assertThat(disk.resolve("results/leases/owners")).isEmptyDirectory();
      kilobytes =
          Math.max(
              kilobytes + 120,
              304); // with less space than that, the disk is full before any record
      remount("size=%dk".formatted(kilobytes));
    }
    assertThat(records).as("records after each full disk").hasSizeGreaterThan(1);
    System.out.println("records after each full disk: " + records);
    assertThat(before).as("recorded when the disk was full for the last time").isNotEmpty();
    assertThat(SweepProcess.outcome(disk.resolve("results"))).isEqualTo(undisturbed);
    try (Stream<Path> files = Files.walk(disk)) {
      assertThat(files.filter(file -> file.toString().endsWith(".part"))).isEmpty();
    }
  }

  @Test
  void readOnlyResultsEndTheCallBeforeTraining() throws Exception {
    remount("size=64m");
    SweepProcess stopped = sweep();
    stopped.await("recorded");
    stopped.process().destroyForcibly().waitFor();
    remount("ro");
    Set<String> before = finished();
    assertThat(before).isNotEmpty();

    SweepProcess refused = sweep();
    assertThat(failure(refused)).contains("Read-only file system");
    assertThat(refused.lines("began")).isEmpty();
    assertThat(finished()).isEqualTo(before);

    remount("rw");
    assertThat(sweep().exit()).isZero();
    assertThat(SweepProcess.outcome(disk.resolve("results"))).isEqualTo(undisturbed);
  }
}
