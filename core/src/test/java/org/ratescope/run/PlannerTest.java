package org.ratescope.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.record.Outcome;
import org.ratescope.record.Provenance;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunRecord;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.train.Cohort;

class PlannerTest {
  private static final Study STUDY = SmallStudy.of(List.of(0.01, 0.1, 0.5, 1.0, 2.0, 3.0, 4.0), 10);

  @TempDir Path results;

  @Test
  void everyRunIsInOneCohortAndAllWorkersHaveWork() throws Exception {
    for (int workers : new int[] {1, 2, 3, 5}) {
      List<Cohort> cohorts = Planner.of(RecordStore.at(results), workers).plan(STUDY).cohorts();
      assertThat(cohorts.stream().flatMap(c -> c.runs().stream()))
          .containsExactlyInAnyOrderElementsOf(STUDY.runs());
      assertThat(cohorts).hasSizeGreaterThanOrEqualTo(workers);
    }
  }

  /** Whatever cohorts are done when a study is killed, the others are formed again as they were. */
  @Test
  void theOtherCohortsStayAsTheyWere() throws Exception {
    RecordStore store = RecordStore.at(results);
    Planner planner = Planner.of(store, 3);
    List<Cohort> all = planner.plan(STUDY).cohorts();
    assertThat(all).hasSize(3);
    Set<Cohort> left = new HashSet<>(all);
    for (int done : new int[] {1, 0}) {
      for (RunSpec run : all.get(done).runs()) {
        store.write(finished(run));
      }
      left.remove(all.get(done));
      assertThat(planner.plan(STUDY).cohorts()).containsExactlyInAnyOrderElementsOf(left);
    }
  }

  @Test
  void cohortsAreSmallWhereModelsAreLarge() {
    Planner planner = Planner.of(RecordStore.at(results), 2);
    assertThat(planner.cohortSize(3_000_000, 48)).isEqualTo(1);
    assertThat(planner.cohortSize(200_000, 36)).isEqualTo(9);
    assertThat(planner.cohortSize(1_000, 10_000)).isEqualTo(64);
    assertThat(planner.cohortSize(1_000, 3)).isEqualTo(2);
    assertThat(planner.cohortSize(1_000, 1)).isEqualTo(1);
  }

  private static RunRecord finished(RunSpec run) {
    return new RunRecord(
        run,
        new Outcome.Finished(10),
        STUDY.evaluation(),
        List.of(),
        List.of(),
        List.of(),
        new Provenance("test", "test", "test", "test", "cpu", "0", 1, 1, List.of(run.id())));
  }
}
