package org.ratescope.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.record.RecordStore;
import org.ratescope.run.SweepProcess.Order;

/**
 * A real process is killed with SIGKILL again and again while it trains; the files end
 * bit-identical to an undisturbed run's. Each next process takes over at once from the one that was
 * killed, and sweeps up what it left half written.
 */
class KillTest {
  @TempDir Path folder;

  @Test
  void aKilledStudyEndsWithTheSameBits() throws Exception {
    int hits = killUntilDone(new Order(List.of(0.01, 0.1, 1.0), 6000, 2), 4, 50, 800);
    assertThat(hits).as("kills that hit a running process").isPositive();
  }

  /** Ten minutes of an idle machine. */
  @Test
  @Tag("long")
  void fiftyKillsChangeNothing() throws Exception {
    List<Double> betas = List.of(0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0);
    int hits = killUntilDone(new Order(betas, 60_000, 2), 60, 20, 1500);
    assertThat(hits).as("kills that hit a running process").isGreaterThanOrEqualTo(50);
  }

  /** How many of the kills came before the end. */
  private int killUntilDone(Order order, int kills, int fromMillis, int toMillis) throws Exception {
    Path cache = folder.resolve("cache");
    Map<String, Integer> undisturbed = undisturbed(order, cache);
    Path killed = folder.resolve("killed");
    SplittableRandom random = new SplittableRandom(1);
    int hits = 0;
    for (int i = 0; i < kills; i++) {
      SweepProcess sweep = SweepProcess.start(killed, cache, order);
      awaitCheckpoint(killed, sweep.process());
      boolean ended =
          sweep.process().waitFor(random.nextInt(fromMillis, toMillis), TimeUnit.MILLISECONDS);
      sweep.process().destroyForcibly().waitFor();
      hits += ended ? 0 : 1;
    }
    assertThat(SweepProcess.start(killed, cache, order).exit()).isZero();

    assertThat(SweepProcess.outcome(killed)).isEqualTo(undisturbed);
    assertThat(undisturbed).hasSize(2 * order.study().runs().size());
    assertThat(killed.resolve("checkpoints")).isEmptyDirectory();
    assertThat(killed.resolve("leases/owners")).isEmptyDirectory();
    return hits;
  }

  private Map<String, Integer> undisturbed(Order order, Path cache) throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("undisturbed"));
    LocalRunner.of(store, cache)
        .complete(order.study(), Planner.of(store, order.workers()), Progress.SILENT);
    return SweepProcess.outcome(store.root());
  }

  private static void awaitCheckpoint(Path results, Process process) throws Exception {
    Path checkpoints = results.resolve("checkpoints");
    while (process.isAlive() && !(Files.isDirectory(checkpoints) && hasFile(checkpoints))) {
      Thread.sleep(5);
    }
  }

  private static boolean hasFile(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
    }
  }
}
