package org.ratescope.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    Order order = new Order(List.of(0.01, 0.1), 2500, 2).shapes(2);
    Kills kills = killUntilDone(order, 4, 300);
    assertThat(kills.training()).as("%s", kills).isPositive();
  }

  /** Minutes of an idle machine. */
  @Test
  @Tag("long")
  void sixtyKillsChangeNothing() throws Exception {
    Order order = new Order(List.of(0.01, 1.0), 20_000, 2).shapes(5);
    Kills kills = killUntilDone(order, 72, 800);
    assertThat(kills.starting() + kills.training()).as("%s", kills).isGreaterThanOrEqualTo(60);
    assertThat(kills.training()).as("%s", kills).isGreaterThanOrEqualTo(50);
    assertThat(kills.betweenRecords()).as("%s", kills).isPositive();
  }

  /**
   * What the kills hit.
   *
   * @param starting a process that had not begun with a cohort
   * @param training one that had
   * @param betweenRecords of the latter, those where some runs were recorded, and others not
   */
  private record Kills(int starting, int training, int betweenRecords) {}

  /** Every sixth kill comes at any time after the start, the others after training began. */
  private Kills killUntilDone(Order order, int kills, int withinMillis) throws Exception {
    Path cache = folder.resolve("cache");
    Map<String, Integer> undisturbed = undisturbed(order, cache);
    Path killed = folder.resolve("killed");
    SplittableRandom random = new SplittableRandom(1);
    int starting = 0;
    int training = 0;
    int betweenRecords = 0;
    for (int i = 0; i < kills; i++) {
      SweepProcess sweep = SweepProcess.start(killed, cache, order);
      if (i % 6 != 3) {
        sweep.await("began");
      }
      boolean ended = sweep.process().waitFor(random.nextInt(withinMillis), TimeUnit.MILLISECONDS);
      sweep.process().destroyForcibly().waitFor();
      if (!ended && sweep.lines("began").isEmpty()) {
        starting++;
      } else if (!ended) {
        training++;
        betweenRecords += hasFile(killed.resolve("records")) ? 1 : 0;
      }
    }
    assertThat(SweepProcess.start(killed, cache, order.checkpointMillis(1000)).exit()).isZero();

    assertThat(SweepProcess.outcome(killed)).isEqualTo(undisturbed);
    assertThat(undisturbed).hasSize(2 * order.study().runs().size());
    assertThat(killed.resolve("checkpoints")).isEmptyDirectory();
    assertThat(killed.resolve("leases/owners")).isEmptyDirectory();
    return new Kills(starting, training, betweenRecords);
  }

  private Map<String, Integer> undisturbed(Order order, Path cache) throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("undisturbed"));
    LocalRunner.of(store, cache)
        .complete(order.study(), Planner.of(store, order.workers()), Progress.SILENT);
    return SweepProcess.outcome(store.root());
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
