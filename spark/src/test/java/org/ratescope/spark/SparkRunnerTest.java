package org.ratescope.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.sweep.LocalRunner;

/**
 * A master and two workers, all real processes, carry out a study as this process does: undisturbed
 * and without shared folders; when a worker is killed; when the driver is killed. In this order,
 * since a worker that was killed is replaced.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(240)
class SparkRunnerTest {
  private static final Study STUDY = SparkStudy.of("small", List.of(0.1, 1.0), 3000);

  /** Two cohorts of four runs for each worker, so that some are done when others are not. */
  private static final int COHORTS = 4;

  /** The second driver waits for the leases of the first one's executors. */
  private static final HeartbeatConfig HEARTBEATS =
      new HeartbeatConfig(Duration.ofSeconds(2), Duration.ofSeconds(20));

  @TempDir static Path folder;

  private static Cluster cluster;
  private static RecordStore here;

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start("cluster", 2);
    here = RecordStore.at(folder.resolve("local"));
    int unfinished = LocalRunner.of(here, library()).workers(2).run(plan(here), Progress.SILENT);
    assertThat(unfinished).isZero();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  /** The images of all tests of the build, or a folder of these tests. */
  private static Path cache() {
    return Path.of(System.getProperty("ratescope.test.images", folder.resolve("cache").toString()));
  }

  private static ImageLibrary library() {
    return ImageLibrary.at(cache());
  }

  private static Plan plan(RecordStore store) throws IOException {
    return Planner.of(store, COHORTS).plan(STUDY);
  }

  private static SparkRunner runner(RecordStore store) {
    return SparkRunner.of(store, library(), cluster.settings())
        .checkpointEvery(Duration.ofMillis(250))
        .pace(HEARTBEATS);
  }

  /** The driver that is killed. */
  static final class Driver {
    private Driver() {}

    public static void main(String[] arguments) throws Exception {
      RecordStore store = RecordStore.at(Path.of(arguments[0]));
      Map<String, String> settings = new HashMap<>();
      for (String setting : Arrays.asList(arguments).subList(2, arguments.length)) {
        int equals = setting.indexOf('=');
        settings.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
      int unused =
          SparkRunner.of(store, ImageLibrary.at(Path.of(arguments[1])), settings)
              .checkpointEvery(Duration.ofMillis(250))
              .pace(HEARTBEATS)
              .run(plan(store), Progress.SILENT);
    }
  }

  /** Keeps what it is told, and kills a worker with its executor when all train. */
  private static final class Listener implements Progress {
    private final Path checkpoints;
    private final Process victim;
    private final List<RunRecord> recorded = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long steps;
    private boolean killed;

    Listener(RecordStore store, Process victim) {
      this.checkpoints = store.checkpoints();
      this.victim = victim;
    }

    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.StepsResumed stepsResumed -> {
          steps += stepsResumed.modelSteps();
        }
        case ProgressEvent.StepsMade stepsMade -> {
          steps += stepsMade.modelSteps();
          if (!killed && checkpoints(checkpoints) == 2) {
            List<ProcessHandle> executors = victim.descendants().toList();
            victim.destroyForcibly();
            executors.forEach(ProcessHandle::destroyForcibly);
            killed = !executors.isEmpty();
          }
        }
        case ProgressEvent.RunRecorded runRecorded -> {
          recorded.add(runRecorded.record());
        }
        case ProgressEvent.Note note -> {
          notes.add(note.message());
        }
        default -> {}
      }
    }
  }

  private static long checkpoints(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).count();
    } catch (IOException e) {
      return 0; // not yet there
    }
  }

  private static void assertSame(RecordStore there) throws IOException {
    for (String kind : List.of("records", "weights")) {
      Map<String, Integer> expected = files(here.root().resolve(kind));
      assertThat(expected).hasSize(STUDY.runs().size());
      assertThat(files(there.root().resolve(kind))).as(kind).isEqualTo(expected);
    }
  }

  /** Hashes of a folder's files by name; left-over parts of killed processes do not count. */
  private static Map<String, Integer> files(Path folder) throws IOException {
    Map<String, Integer> contents = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> !f.toString().endsWith(".part")).toList()) {
        contents.put(String.valueOf(file.getFileName()), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @Test
  @Order(1)
  void withoutSharedFoldersImagesAreSentAndFilesComeBack() throws Exception {
    RecordStore there = RecordStore.at(folder.resolve("apart"));
    Listener listener = new Listener(there, cluster.worker(0));
    assertThat(runner(there).apart().run(plan(there), listener)).isZero();

    assertSame(there);
    assertThat(listener.recorded).hasSize(STUDY.runs().size()).doesNotHaveDuplicates();
    assertThat(there.checkpoints()).as("checkpoints stay with the executors").doesNotExist();
    assertThat(listener.steps).isEqualTo(8 * 3000);
  }

  @Test
  @Order(2)
  void aKilledWorkersCohortGoesOnFromItsCheckpointOnAnother() throws Exception {
    RecordStore there = RecordStore.at(folder.resolve("worker-killed"));
    Listener listener = new Listener(there, cluster.worker(0));
    assertThat(runner(there).run(plan(there), listener)).isZero();

    assertThat(listener.killed).as("a worker was killed while both trained").isTrue();
    assertThat(listener.notes).anyMatch(note -> note.matches("cohort .* resumes from step .*"));
    assertSame(there);
    assertThat(listener.recorded).hasSize(STUDY.runs().size()).doesNotHaveDuplicates();
    assertThat(listener.steps).as("no step is told twice").isEqualTo(8 * 3000);
    assertThat(there.checkpoints()).isEmptyDirectory();
  }

  @Test
  @Order(3)
  void aSecondDriverDoesWhatTheFirstHasNotDone() throws Exception {
    Process unused = cluster.addWorker();
    RecordStore there = RecordStore.at(folder.resolve("driver-killed"));
    Process first = cluster.driver(Driver.class, there.root(), cache());
    Path records = there.root().resolve("records");
    while (first.isAlive() && !(Files.isDirectory(records) && files(records).size() >= 2)) {
      Thread.sleep(20);
    }
    first.destroyForcibly().waitFor();
    Plan rest = plan(there);
    assertThat(rest.done()).as("what the first driver has done").isNotEmpty();
    assertThat(rest.runsToTrain()).as("what it has not").isPositive();
    Map<RunSpec, FileTime> before = new HashMap<>();
    for (RunSpec run : rest.done()) {
      before.put(run, Files.getLastModifiedTime(there.recordFile(run.id())));
    }

    assertThat(runner(there).run(rest, Progress.SILENT)).isZero();
    assertSame(there);
    for (RunSpec run : rest.done()) {
      assertThat(Files.getLastModifiedTime(there.recordFile(run.id()))).isEqualTo(before.get(run));
    }
  }
}
