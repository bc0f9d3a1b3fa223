package org.ratescope.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;

/**
 * Ten thousand runs, finished or not, are planned in seconds. The times are meaningful on an idle
 * machine.
 */
@Tag("long")
@Isolated("it measures time")
class ManyRunsTest {
  @TempDir Path results;

  @Test
  void tenThousandRunsArePlannedInSeconds() throws Exception {
    List<Double> betas = new ArrayList<>();
    for (int i = 1; i <= 2500; i++) {
      betas.add(i / 1000.0);
    }
    Study study = SmallStudy.of(betas, 1000);
    RecordStore store = RecordStore.at(results);
    double fresh = seconds(store, study, 10_000);
    List<LossPoint> trace = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      trace.add(new LossPoint(i * 10, 1234.5678901 / (i + 1), 1.23456789 * i));
    }
    for (RunSpec run : study.runs()) {
      store.write(
          new RunRecord(
              run,
              new Outcome.Finished(1000),
              study.evaluation(),
              List.of(),
              trace,
              List.of(),
              new Provenance(
                  "test", "test", "test", "test", "cpu", "0", "", 1, 1, List.of(run.id()))));
    }
    double done = seconds(store, study, 0);
    assertThat(fresh).as("seconds to plan 10,000 runs of which none is done").isLessThan(5);
    assertThat(done).as("seconds to plan 10,000 runs of which all are done").isLessThan(5);
  }

  private static double seconds(RecordStore store, Study study, int missing) throws Exception {
    long start = System.nanoTime();
    Plan plan = Planner.of(store, 2).plan(study);
    assertThat(plan.runsToTrain()).isEqualTo(missing);
    return (System.nanoTime() - start) / 1e9;
  }
}
