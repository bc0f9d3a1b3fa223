package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.sweep.SweepProcess.Order;

/** After any fault of a sweep or its files, the sweep ends with the bits of an undisturbed one. */
class FaultsTest {
  private static final Order ORDER = new Order(List.of(0.1, 1.0), 1500, 2);

  @TempDir static Path shared;

  private static Path cache;
  private static Map<String, Integer> undisturbed;

  @TempDir Path results;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    cache = SharedCache.folder();
    RecordStore store = RecordStore.at(shared.resolve("undisturbed"));
    complete(store, new ArrayList<>());
    undisturbed = SweepProcess.outcome(store.root());
    assertThat(undisturbed).hasSize(2 * ORDER.study().runs().size());
  }

  private static void complete(RecordStore store, List<String> notes) throws Exception {
    complete(store, Planner.of(store, ORDER.workers()), notes);
  }

  private static void complete(RecordStore store, Planner planner, List<String> notes)
      throws Exception {
    LocalRunner.of(store, cache).complete(ORDER.study(), planner, noting(notes));
  }

  /** A listener that collects notes. */
  static Progress noting(List<String> notes) {
    return event -> {
      if (event instanceof ProgressEvent.Note note) {
        notes.add(note.message());
      }
    };
  }

  /** A finished copy of the undisturbed results. */
  private RecordStore finished() throws IOException {
    for (String folder : List.of("records", "weights", "images")) {
      Files.createDirectories(results.resolve(folder));
      try (Stream<Path> files = Files.list(shared.resolve("undisturbed").resolve(folder))) {
        for (Path file : files.toList()) {
          Files.copy(file, results.resolve(folder).resolve(file.getFileName()));
        }
      }
    }
    return RecordStore.at(results);
  }

  private static void flip(Path file, long place) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) place] ^= 4;
    Files.write(file, bytes);
  }

  private static void cut(Path file, int bytes) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, bytes));
  }

  /** The damaged file is kept beside the new one. */
  private static void removeSetAside(Path... files) throws IOException {
    for (Path file : files) {
      Files.delete(file.resolveSibling(file.getFileName() + ".damaged-1"));
    }
  }

  private RunId run(int number) {
    return ORDER.study().runs().get(number).id();
  }

  @Test
  void damagedRecordsAreReplaced() throws Exception {
    RecordStore store = finished();
    Path flipped = store.recordFile(run(1));
    String text = Files.readString(flipped);
    flip(flipped, text.indexOf("\"value\" : ") + 12); // a digit of an estimate
    Path cut = store.recordFile(run(6));
    cut(cut, 700);
    List<String> notes = new ArrayList<>();
    complete(store, notes);
    assertThat(notes.toString())
        .contains("a damaged record, trained again: " + flipped + ": the checksum does not match")
        .contains("a damaged record, trained again: " + cut);
    removeSetAside(flipped, cut);
    assertThat(SweepProcess.outcome(results)).isEqualTo(undisturbed);
  }

  @Test
  void everyFlippedBitOfARecordIsDetected() throws Exception {
    RecordStore store = finished();
    Path file = store.recordFile(run(0));
    byte[] whole = Files.readAllBytes(file);
    int seen = 0;
    int tried = 0;
    for (int place = 0; place < whole.length - 30; place += 97) {
      byte[] flipped = whole.clone();
      flipped[place] ^= 1;
      Files.write(file, flipped);
      tried++;
      try {
        store.summary(run(0));
      } catch (IOException e) {
        seen++;
      }
    }
    assertThat(seen).isEqualTo(tried).isGreaterThan(20);
  }

  @Test
  void checkReplacesDamagedWeights() throws Exception {
    RecordStore store = finished();
    Path flipped = store.weightsFile(run(2));
    flip(flipped, Files.size(flipped) - 9);
    Path cut = store.weightsFile(run(5));
    cut(cut, (int) Files.size(cut) - 4);
    Planner planner = Planner.of(store, ORDER.workers());
    assertThat(planner.plan(ORDER.study()).isToDo()).as("weights are not read otherwise").isFalse();
    List<String> notes = new ArrayList<>();
    complete(store, planner.checkingWeights(), notes);
    assertThat(notes.toString())
        .contains("damaged weights, trained again: " + flipped + ": the checksum is ")
        .contains("damaged weights, trained again: " + cut + ": the file has ");
    removeSetAside(flipped, cut);
    assertThat(SweepProcess.outcome(results)).isEqualTo(undisturbed);
  }

  @Test
  void aDamagedCheckpointIsNotUsed() throws Exception {
    for (boolean header : new boolean[] {false, true}) {
      SweepProcess killed = SweepProcess.start(results, cache, ORDER);
      Path checkpoint = awaitCheckpoint(killed);
      killed.process().destroyForcibly().waitFor();
      if (header) {
        cut(checkpoint, 100);
      } else {
        flip(checkpoint, Files.size(checkpoint) - 100);
      }
      List<String> notes = new ArrayList<>();
      complete(RecordStore.at(results), notes);
      assertThat(notes.toString()).contains("a damaged checkpoint is not used: " + checkpoint);
      assertThat(SweepProcess.outcome(results)).isEqualTo(undisturbed);
      for (RunSpec run : ORDER.study().runs()) {
        RecordStore.at(results).delete(run.id());
      }
    }
  }

  private Path awaitCheckpoint(SweepProcess sweep) throws Exception {
    Path folder = results.resolve("checkpoints");
    while (sweep.process().isAlive()) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          var checkpoint = files.filter(f -> f.toString().endsWith(".safetensors")).findFirst();
          if (checkpoint.isPresent()) {
            return checkpoint.get();
          }
        }
      }
      Thread.sleep(5);
    }
    throw new AssertionError("the process ended before its first checkpoint");
  }

  /** The system refuses to write more than that number of bytes, like a full disk. */
  @Test
  void failingWritesStopTheSweepAndLoseNothing() throws Exception {
    SweepProcess full = SweepProcess.startLimited("ulimit -f 20", results, cache, ORDER);
    assertThat(full.exit()).isEqualTo(1);
    assertThat(full.lines("failed").toString()).contains("File too large");
    assertThat(results.resolve("leases/owners")).isEmptyDirectory();
    complete(RecordStore.at(results), new ArrayList<>());
    assertThat(SweepProcess.outcome(results)).isEqualTo(undisturbed);
    try (Stream<Path> parts = Files.walk(results)) {
      assertThat(parts.filter(f -> f.toString().endsWith(".part"))).isEmpty();
    }
  }

  /**
   * Signals that end a process. SIGINT is not among them if it is ignored, as in processes that a
   * shell starts in the background: processes inherit that.
   */
  private static List<String> signals() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("SigIgn:")
            && (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0) {
          return List.of("TERM");
        }
      }
    }
    return List.of("TERM", "INT");
  }

  /** SIGTERM and SIGINT: checkpoints are written, leases are released, and the process ends. */
  @Test
  void aSignalStopsASweepInSeconds() throws Exception {
    for (String signal : signals()) {
      SweepProcess stopped = SweepProcess.start(results, cache, ORDER.checkpointMillis(600_000));
      stopped.await("began");
      Thread.sleep(100);
      long before = System.nanoTime();
      stopped.signal(signal);
      assertThat(stopped.exit()).isEqualTo(signal.equals("TERM") ? 143 : 130);
      assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
      try (Stream<Path> checkpoints = Files.list(results.resolve("checkpoints"))) {
        assertThat(checkpoints).as("written for the signal").isNotEmpty();
      }
      try (Stream<Path> leases = Files.list(results.resolve("leases"))) {
        assertThat(leases).as("only the empty folder of owners").hasSize(1);
      }
    }
    List<String> notes = new ArrayList<>();
    complete(RecordStore.at(results), notes);
    assertThat(notes.toString()).contains("resumes from step");
    assertThat(SweepProcess.outcome(results)).isEqualTo(undisturbed);
  }

  /**
   * A real limit on the memory of the process: cohorts of about 1 GiB do not fit, and are divided
   * until they do.
   */
  @Test
  void aCohortThatDoesNotFitIntoMemoryIsDivided() throws Exception {
    List<Double> betas = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      betas.add(i / 10.0);
    }
    Order large = new Order(betas, 3, 1).batch(32_768);
    SweepProcess sweep =
        SweepProcess.start(results, cache, large, "-Dorg.bytedeco.javacpp.maxPhysicalBytes=800m");
    assertThat(sweep.exit()).isZero();
    assertThat(sweep.lines("note").toString())
        .contains("does not fit into memory, and is trained in two parts");
    RecordStore store = RecordStore.at(results);
    for (RunSpec run : large.study().runs()) {
      assertThat(store.read(run.id()).orElseThrow().outcome().word()).isEqualTo("finished");
    }
    assertThat(Planner.of(store, 1).plan(large.study()).isToDo()).isFalse();
  }
}
