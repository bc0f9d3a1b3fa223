package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sweep.SweepProcess.Order;

/**
 * More than 500 real runs on two workers, interrupted at random ten times by SIGKILL and SIGTERM,
 * end with the bytes of an undisturbed sweep. Takes minutes.
 */
@Tag("long")
class InterruptedSweepTest {
  private static final int INTERRUPTIONS = 10;

  @TempDir Path folder;

  @Test
  void aSweepInterruptedTenTimesEndsWithTheSameBytes() throws Exception {
    List<Double> betas = new ArrayList<>();
    for (int i = 1; i <= 128; i++) {
      betas.add(i / 32.0);
    }
    Order order = new Order(betas, 1000, 2).resolution(8).checkpointMillis(300);
    RecordStore store = RecordStore.at(folder.resolve("undisturbed"));
    Path cache = SharedCache.folder();
    LocalRunner.of(store, cache)
        .complete(order.study(), Planner.of(store, order.workers()), Progress.SILENT);
    Map<String, Integer> undisturbed = SweepProcess.outcome(store.root());
    assertThat(undisturbed).hasSize(2 * 512);

    Path results = folder.resolve("interrupted");
    SplittableRandom random = new SplittableRandom(7);
    List<String> hits = new ArrayList<>();
    for (int i = 0; i < INTERRUPTIONS; i++) {
      SweepProcess sweep = SweepProcess.start(results, cache, order);
      sweep.await("began");
      if (!sweep.process().waitFor(random.nextInt(200, 4000), TimeUnit.MILLISECONDS)) {
        String signal = random.nextBoolean() ? "KILL" : "TERM";
        sweep.signal(signal);
        hits.add("%s after %d records".formatted(signal, sweep.lines("recorded").size()));
      }
      assertThat(sweep.exit()).isIn(0, 137, 143);
    }
    assertThat(SweepProcess.start(results, cache, order).exit()).isZero();
    assertThat(hits).as("interruptions that hit: %s", hits).hasSize(INTERRUPTIONS);
    assertThat(SweepProcess.outcome(results)).isEqualTo(undisturbed);
  }
}
