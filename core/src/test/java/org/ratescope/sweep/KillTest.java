package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sweep.SweepProcess.Order;

/**
 * A real process is killed with SIGKILL repeatedly during training; the files at the end are
 * bit-identical to those of an undisturbed run. Each next process takes over at once from the
 * killed one, and deletes its unfinished files.
 */
class KillTest {
  @TempDir Path folder;

  @Test
  void aKilledStudyEndsWithTheSameBits() throws Exception {
    Order order = new Order(List.of(0.01, 0.1), 1000, 2).shapes(2);
    Kills kills = new Kills(order);
    kills.make(4, 300);
    assertThat(kills.training).as("%s", kills).isPositive();
  }

  /** Minutes of an idle machine. */
  @Test
  @Tag("long")
  void sixtyKillsChangeNothing() throws Exception {
    Kills kills = new Kills(new Order(List.of(0.01, 1.0), 300, 2).shapes(5));
    kills.make(60, 800);
    System.out.println(kills);
    assertThat(kills.training).as("%s", kills).isGreaterThanOrEqualTo(45);
    assertThat(kills.betweenRecords).as("%s", kills).isGreaterThanOrEqualTo(5);
  }

  /** Sweeps of one study, one after the other, and what the kills interrupted. */
  private final class Kills {
    private final Order order;
    private final Path cache = SharedCache.folder();
    private final Map<String, Integer> undisturbed;
    private final SplittableRandom random = new SplittableRandom(1);
    private Path results = folder.resolve("killed-0");
    private int completed; // sweeps
    private int starting; // kills before a process started a cohort
    private int training; // kills after that
    private int betweenRecords; // those of the latter after some runs were recorded

    private Kills(Order order) throws Exception {
      this.order = order;
      RecordStore store = RecordStore.at(folder.resolve("undisturbed"));
      LocalRunner.of(store, cache)
          .complete(order.study(), Planner.of(store, order.workers()), Progress.SILENT);
      undisturbed = SweepProcess.outcome(store.root());
      assertThat(undisturbed).hasSize(2 * order.study().runs().size());
    }

    /**
     * Number of kills, of four: two after the first step, one after the first record, and one at
     * any time after the start; each at random within milliseconds. A busy machine may need many
     * times as long for a step or a record, so the test waits for those, not for a time. When a
     * sweep ends, its files are checked, and the next one starts.
     */
    private void make(int kills, int withinMillis) throws Exception {
      while (starting + training < kills) {
        Map<String, FileTime> before = checkpoints();
        SweepProcess sweep = SweepProcess.start(results, cache, order);
        switch ((starting + training) % 4) {
          case 0, 1 -> awaitStep(sweep, before);
          case 2 -> sweep.await("recorded");
          default -> {}
        }
        boolean ended =
            sweep.process().waitFor(random.nextInt(withinMillis), TimeUnit.MILLISECONDS);
        sweep.process().destroyForcibly().waitFor();
        if (ended) {
          requireSameBits(sweep);
        } else if (sweep.lines("began").isEmpty()) {
          starting++;
        } else {
          training++;
          betweenRecords += hasFile(results.resolve("records")) ? 1 : 0;
        }
      }
      requireSameBits(SweepProcess.start(results, cache, order.checkpointMillis(1000)));
    }

    /**
     * Waits until training has advanced: a new process needs time for its first step, and to delete
     * the checkpoints of cohorts that its predecessor finished.
     */
    private void awaitStep(SweepProcess sweep, Map<String, FileTime> before) throws Exception {
      while (sweep.process().isAlive()
          && (sweep.lines("began").isEmpty()
              || (before.equals(checkpoints()) && sweep.lines("recorded").isEmpty()))) {
        Thread.sleep(5);
      }
    }

    private Map<String, FileTime> checkpoints() throws IOException {
      Map<String, FileTime> written = new TreeMap<>();
      Path kept = results.resolve("checkpoints");
      if (Files.isDirectory(kept)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(kept, "*.safetensors")) {
          for (Path file : files) {
            written.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
          }
        } catch (NoSuchFileException e) {
          return Map.of(); // its cohort was recorded meanwhile
        }
      }
      return written;
    }

    private void requireSameBits(SweepProcess last) throws Exception {
      assertThat(last.exit()).isZero();
      assertThat(SweepProcess.outcome(results)).isEqualTo(undisturbed);
      assertThat(results.resolve("checkpoints")).isEmptyDirectory();
      assertThat(results.resolve("leases/owners")).isEmptyDirectory();
      completed++;
      results = folder.resolve("killed-" + completed);
    }

    @Override
    public String toString() {
      return "%d kills before training and %d after it began, %d of them between records; sweeps that ended with the same bits: %d"
          .formatted(starting, training, betweenRecords, completed);
    }
  }

  private static boolean hasFile(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isPresent();
    }
  }
}
