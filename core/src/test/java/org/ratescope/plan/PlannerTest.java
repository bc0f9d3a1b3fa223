package org.ratescope.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.model.MemoryEstimate;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.sweep.SmallStudy;
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

  /** For any cohorts that were finished before a kill, the others are formed again unchanged. */
  @Test
  void theOtherCohortsDoNotChange() throws Exception {
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

  /** Chunks depend on the declared runs: single finished runs do not shift the others. */
  @Test
  void finishedRunsDoNotShiftTheOtherCohorts() throws Exception {
    RecordStore store = RecordStore.at(results);
    Planner planner = Planner.of(store, 3);
    List<Cohort> all = planner.plan(STUDY).cohorts();
    RunSpec done = all.get(0).runs().get(2);
    store.write(finished(done));
    List<RunSpec> left = new ArrayList<>(all.get(0).runs());
    left.remove(done);
    Plan plan = planner.plan(STUDY);
    assertThat(plan.cohorts())
        .as("9 runs between 10 and 8")
        .containsExactly(all.get(1), new Cohort(left), all.get(2));
    assertThat(plan.runsToTrain()).isEqualTo(STUDY.runs().size() - 1);
  }

  /** The other cohorts do not change: they are the same ones, in another order. */
  @Test
  void theLongestCohortStartsFirst() throws Exception {
    List<Architecture> small = List.of(Architecture.parse("mlp:1x8"));
    List<Architecture> both =
        List.of(Architecture.parse("mlp:1x8"), Architecture.parse("mlp:2x64"));
    Planner planner = Planner.of(RecordStore.at(results), 2);
    List<Cohort> cohorts = planner.plan(withNetworks(both)).cohorts();
    assertThat(cohorts.stream().map(c -> c.first().architecture().text()).distinct())
        .containsExactly("mlp:2x64", "mlp:1x8");
    assertThat(cohorts)
        .endsWith(planner.plan(withNetworks(small)).cohorts().toArray(Cohort[]::new));
  }

  private static Study withNetworks(List<Architecture> networks) {
    return SmallStudy.varied(STUDY, STUDY.splits(), networks, STUDY.latentSizes());
  }

  /**
   * A run that was lost by accident is trained in its original cohort, so its bits are identical.
   */
  @Test
  void aRunWithADamagedRecordIsTrainedInItsOriginalCohort() throws Exception {
    RecordStore store = RecordStore.at(results);
    List<Cohort> all = Planner.of(store, 3).plan(STUDY).cohorts();
    for (Cohort cohort : all) {
      for (RunSpec run : cohort.runs()) {
        store.write(ended(run, new Outcome.Finished(10), ids(cohort)));
      }
    }
    RunSpec lost = all.get(1).runs().get(4);
    Files.writeString(store.recordFile(lost.id()), "{\"format\" : 1,");
    for (int workers : new int[] {3, 1, 7}) {
      Plan plan = Planner.of(store, workers).plan(STUDY);
      assertThat(plan.cohorts()).as("%d workers", workers).containsExactly(all.get(1));
      assertThat(plan.wanted()).containsExactly(lost.id());
      assertThat(plan.runsToTrain()).isEqualTo(1);
      assertThat(plan.runs()).isEqualTo(STUDY.runs().size());
    }
    all.get(1).runs().forEach(run -> damage(store, run));
    assertThat(Planner.of(store, 3).plan(STUDY).cohorts()).containsExactly(all.get(1));
  }

  /** A deleted record requests that run alone. */
  @Test
  void aRunWithADeletedRecordIsTrainedAlone() throws Exception {
    RecordStore store = RecordStore.at(results);
    for (Cohort cohort : Planner.of(store, 3).plan(STUDY).cohorts()) {
      for (RunSpec run : cohort.runs()) {
        store.write(ended(run, new Outcome.Finished(10), ids(cohort)));
      }
    }
    RunSpec deleted = STUDY.runs().get(5);
    Files.delete(store.recordFile(deleted.id()));
    assertThat(Planner.of(store, 3).plan(STUDY).cohorts())
        .containsExactly(new Cohort(List.of(deleted)));
  }

  /** A kill between two records of a cohort, whose checkpoint is also damaged. */
  @Test
  void aChunkWithADamagedCheckpointIsTrainedAsAWhole() throws Exception {
    RecordStore store = RecordStore.at(results);
    Cohort first = Planner.of(store, 3).plan(STUDY).cohorts().getFirst();
    store.write(ended(first.first(), new Outcome.Finished(10), ids(first)));
    Path checkpoint = store.checkpoints().resolve(first.id().hex() + ".safetensors");
    Files.createDirectories(checkpoint.getParent());
    Files.writeString(checkpoint, "no header");
    Plan plan = Planner.of(store, 3).plan(STUDY);
    assertThat(plan.cohorts().getFirst()).isEqualTo(first);
    assertThat(plan.wanted()).doesNotContain(first.first().id()).hasSize(STUDY.runs().size() - 1);
  }

  private static void damage(RecordStore store, RunSpec run) {
    try {
      Files.writeString(store.recordFile(run.id()), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<RunId> ids(Cohort cohort) {
    return cohort.runs().stream().map(RunSpec::id).toList();
  }

  @Test
  void cohortsGiveAllWorkersEvenWork() {
    Planner planner = Planner.of(RecordStore.at(results), 2);
    assertThat(planner.cohortSize(1, 48)).isEqualTo(1);
    assertThat(planner.cohortSize(10, 36)).isEqualTo(9);
    assertThat(planner.cohortSize(64, 10_000)).isEqualTo(64);
    assertThat(planner.cohortSize(64, 3)).isEqualTo(2);
    assertThat(planner.cohortSize(64, 1)).isEqualTo(1);
  }

  @Test
  void cohortsOfLargeModelsAreSmall() {
    assertThat(largest("mlp:1x512", 32, 128)).isEqualTo(1);
    assertThat(largest("mlp:3x512", 32, 128)).isEqualTo(1);
    assertThat(largest("mlp:1x128", 16, 64)).isEqualTo(3);
    assertThat(largest("mlp:1x4", 4, 64)).isEqualTo(64);
  }

  /** Buffers count too: a convolutional network has few parameters and large activations. */
  @Test
  void cohortsFitIntoMemory() {
    for (String architecture : List.of("cnn:1x64", "cnn:3x64", "cnn:8x512", "mlp:1x4")) {
      for (int side : new int[] {4, 28, 32, 64}) {
        for (int batch : new int[] {128, 512, 8192}) {
          MemoryEstimate footprint = footprint(architecture, side);
          int k = largest(architecture, side, batch);
          assertThat(k).isBetween(1, 64);
          if (k > 1) {
            assertThat(footprint.training(k, batch)).isLessThanOrEqualTo(1L << 30);
          }
        }
      }
    }
    assertThat(largest("cnn:3x64", 64, 512)).isLessThan(largest("cnn:3x64", 32, 512));
    assertThat(largest("cnn:3x64", 64, 8192)).isEqualTo(1);
  }

  private static int largest(String architecture, int side, int batch) {
    return CohortLimits.CPU.largest(footprint(architecture, side), batch);
  }

  private static MemoryEstimate footprint(String architecture, int side) {
    ParameterLayout layout =
        ParameterLayout.of(Architecture.parse(architecture), new ImageShape(3, side, side), 10);
    return new MemoryEstimate(layout, Precision.FLOAT32);
  }

  private static RunRecord finished(RunSpec run) {
    return ended(run, new Outcome.Finished(10));
  }

  private static RunRecord ended(RunSpec run, Outcome outcome) {
    return ended(run, outcome, List.of(run.id()));
  }

  private static RunRecord ended(RunSpec run, Outcome outcome, List<RunId> cohort) {
    return new RunRecord(
        run,
        outcome,
        STUDY.evaluation(),
        List.of(),
        List.of(),
        List.of(),
        new Provenance("test", "test", "test", "test", "cpu", "0", "", 1, 1, cohort));
  }

  /**
   * Runs of one shape share cohorts, and K depends on the declared runs, not on the missing ones.
   */
  @Test
  void studiesOfASuiteShareCohorts() throws Exception {
    Study some = SmallStudy.of("some", 4, List.of(0.01, 0.1, 0.5), 10);
    Study others = SmallStudy.of("others", 4, List.of(0.5, 1.0, 2.0), 10);
    Study elsewhere = SmallStudy.of("elsewhere", 8, List.of(0.5), 10);
    Suite suite = suite(some, others, elsewhere);
    RecordStore store = RecordStore.at(results);
    Planner planner = Planner.of(store, 3);
    List<Cohort> all = planner.plan(suite).cohorts();

    assertThat(all.stream().flatMap(c -> c.runs().stream()))
        .containsExactlyInAnyOrderElementsOf(suite.runs())
        .hasSize(5 * 4 + 4);
    assertThat(all.getFirst().runs()).as("larger images first").isSubsetOf(elsewhere.runs());
    assertThat(all.stream().skip(all.size() - 3).flatMap(c -> c.runs().stream()))
        .as("in the order of the declarations")
        .containsExactlyElementsOf(suite.runs(List.of("some", "others")));
    assertThat(all).anyMatch(c -> isIn(c, some) && !isAll(c, some));

    for (RunSpec run : all.get(1).runs()) {
      store.write(finished(run));
    }
    List<Cohort> left = new ArrayList<>(all);
    left.remove(1);
    assertThat(planner.plan(suite).cohorts()).containsExactlyElementsOf(left);
  }

  private static boolean isIn(Cohort cohort, Study study) {
    return cohort.runs().stream().anyMatch(study.runs()::contains);
  }

  private static boolean isAll(Cohort cohort, Study study) {
    return study.runs().containsAll(cohort.runs());
  }

  private static Suite suite(Study... studies) {
    return Suite.of("suite", "A suite", Optional.empty(), List.of(studies), List.of());
  }

  /** A missing data set must not prevent the repetition of diverged runs on another one. */
  @Test
  void repetitionsWaitForTheirOwnDataSetOnly() throws Exception {
    Study here = repeating(SmallStudy.of("here", 4, List.of(0.5), 10));
    Study away = repeating(SmallStudy.of("away", 8, List.of(0.5), 10));
    Suite suite = suite(here, away);
    RecordStore store = RecordStore.at(results);
    Planner planner = Planner.of(store, 2);
    List<RunSpec> runs = here.runs();
    store.write(ended(runs.get(0), new Outcome.Diverged(3)));
    for (RunSpec run : runs.subList(1, runs.size() - 1)) {
      store.write(finished(run));
    }
    assertThat(trained(planner.plan(suite))).allMatch(run -> precision(run) == Precision.FLOAT32);

    Plan before = planner.plan(suite);
    store.write(finished(runs.getLast()));
    Plan after = planner.plan(suite);
    assertThat(trained(after))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of(runs.getFirst().precision(Precision.FLOAT64)), away.runs().stream())
                .toList());
    assertThat(trained(after.beyond(before)))
        .containsExactly(runs.getFirst().precision(Precision.FLOAT64));
  }

  private static List<RunSpec> trained(Plan plan) {
    return plan.cohorts().stream().flatMap(cohort -> cohort.runs().stream()).toList();
  }

  private static Precision precision(RunSpec run) {
    return run.training().precision();
  }

  private static Study repeating(Study s) {
    return new Study(
        s.name(),
        s.title(),
        s.data(),
        s.splits(),
        s.architectures(),
        s.latentSizes(),
        s.likelihoods(),
        List.of(Prior.normal()),
        s.objectives(),
        s.restarts(),
        s.seed(),
        s.trainings(),
        Optional.of(Precision.FLOAT64),
        s.evaluation(),
        s.figures(),
        List.of());
  }
}
