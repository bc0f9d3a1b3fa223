package org.ratescope.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.MlflowStandIn.Metric;
import org.ratescope.progress.MlflowStandIn.Run;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.sweep.LocalRunner;
import org.ratescope.sweep.SharedCache;
import org.ratescope.sweep.SmallStudy;
import org.ratescope.train.Cohort;

@Timeout(300)
class MlflowTest {
  private static final long MILLIS = 1_795_514_400_000L;
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(MILLIS));
  private static final Study STUDY = SmallStudy.of(List.of(0.1), 400);
  private static final RunSpec RUN = STUDY.runs().getFirst();

  private static final Path CACHE = SharedCache.folder();

  @TempDir Path folder;

  private final List<String> notes = new CopyOnWriteArrayList<>();
  private MlflowStandIn standIn;

  @BeforeEach
  void start() throws IOException {
    standIn = MlflowStandIn.start();
  }

  @AfterEach
  void stop() {
    standIn.close();
  }

  /** Four attempts at each request, ten milliseconds apart. */
  private Mlflow mlflow() {
    Duration wait = Duration.ofMillis(10);
    return new Mlflow(
        new MlflowServer(
            standIn.address(), "secret", List.of(wait, wait, wait), Duration.ofSeconds(2)),
        "small",
        CLOCK,
        Duration.ZERO);
  }

  private static Plan plan() {
    return new Plan(
        Suite.of(STUDY), List.of(), List.of(), List.of(new Cohort(STUDY.runs())), List.of());
  }

  private static RunRecord record(Outcome outcome, List<Estimate> estimates) {
    return new RunRecord(
        RUN,
        outcome,
        STUDY.evaluation(),
        estimates,
        List.of(),
        List.of(),
        new Provenance("", "", "", "", "", "", "", 1, 1, List.of()));
  }

  @Test
  void aRealSweepArrivesAsItIsRecorded() throws Exception {
    RecordStore store = RecordStore.at(folder);
    try (AsyncTracker aside = AsyncTracker.of(mlflow(), notes::add)) {
      int unused = LocalRunner.of(store, CACHE).run(Planner.of(store, 2).plan(STUDY), aside);
    }

    assertThat(standIn.violations()).isEmpty();
    assertThat(notes).isEmpty();
    assertThat(standIn.authorizations()).containsExactly("Bearer secret");
    assertThat(standIn.experiments()).containsOnlyKeys("small");
    assertThat(standIn.runs()).hasSize(4).allMatch(run -> run.status.equals("FINISHED"));
    for (RunSpec spec : STUDY.runs()) {
      Run run = run(spec);
      RunRecord record = store.read(spec.id()).orElseThrow();
      assertThat(run.params)
          .containsEntry("split", spec.split().text())
          .containsEntry("betaKl", "0.1")
          .containsEntry("seed", Long.toString(spec.seed()))
          .containsEntry("latent", Integer.toString(spec.latentSize()))
          .containsEntry("iterations", Integer.toString(spec.training().iterations()))
          .containsEntry("batch", Integer.toString(spec.training().batch()))
          .hasSize(RunFields.ALL.size());
      assertThat(run.tags).containsEntry("ratescope.outcome", "finished");
      assertThat(run.metrics).containsExactlyInAnyOrderElementsOf(expected(record));
      assertThat(run.ended).isEqualTo(MILLIS);
    }
    assertThat(standIn.requests("runs/log-batch"))
        .as("batches, not a request for each of 1,224 metrics")
        .isLessThan(100);
  }

  private Run run(RunSpec spec) {
    return standIn.runs().stream()
        .filter(run -> spec.id().hex().equals(run.tags.get("ratescope.run")))
        .findFirst()
        .orElseThrow();
  }

  private static List<Metric> expected(RunRecord record) {
    List<Metric> expected = new ArrayList<>();
    for (LossPoint p : record.trace()) {
      double loss = p.distortion() + 0.1 * p.rate();
      expected.add(new Metric("batch/distortion", p.distortion(), MILLIS, p.step()));
      expected.add(new Metric("batch/rate", p.rate(), MILLIS, p.step()));
      expected.add(new Metric("batch/loss", loss, MILLIS, p.step()));
    }
    for (Estimate e : record.estimates()) {
      String key = e.subset().text() + "/" + e.name();
      expected.add(new Metric(key, e.value(), MILLIS, record.outcome().step()));
    }
    return expected;
  }

  @Test
  void aServerInTroubleIsAskedAgain() throws Exception {
    Mlflow mlflow = mlflow();
    standIn.trouble(503, 429, 500);
    mlflow.accept(new ProgressEvent.SweepStarted(plan(), 1));
    standIn.trouble(0, 502);
    mlflow.accept(new ProgressEvent.RunsStarted(List.of(RUN)));
    mlflow.accept(new ProgressEvent.LossTraced(RUN, new LossPoint(0, 1, 2)));
    standIn.trouble(500, 0);
    mlflow.tick();
    mlflow.close();

    assertThat(standIn.violations()).isEmpty();
    assertThat(run(RUN).metrics).hasSize(3);
    assertThat(run(RUN).status).isEqualTo("KILLED");
  }

  @Test
  void aServerThatStaysInTroubleEndsTheExport() throws Exception {
    Mlflow mlflow = mlflow();
    mlflow.accept(new ProgressEvent.SweepStarted(plan(), 1));
    standIn.trouble(500, 500, 500, 503);
    assertThatThrownBy(() -> mlflow.accept(new ProgressEvent.RunsStarted(List.of(RUN))))
        .isInstanceOf(IOException.class)
        .hasMessage("runs/create was answered with 503 <html>trouble</html>");
  }

  @Test
  void aRefusalEndsTheExportAtOnceInTheServersWords() throws Exception {
    Mlflow mlflow = mlflow();
    standIn.trouble(403);
    assertThatThrownBy(() -> mlflow.accept(new ProgressEvent.SweepStarted(plan(), 1)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("experiments/get-by-name was answered with 403");
    assertThat(standIn.requests("experiments/get-by-name")).isZero();
  }

  @Test
  void aServerThatDiesMidwayIsTold() throws Exception {
    AsyncTracker aside = AsyncTracker.of(mlflow(), notes::add);
    aside.accept(new ProgressEvent.SweepStarted(plan(), 1));
    aside.accept(new ProgressEvent.RunsStarted(List.of(RUN)));
    for (int i = 0; standIn.runs().isEmpty() || run(RUN).params.isEmpty(); i++) {
      assertThat(i).isLessThan(1000);
      Thread.sleep(10);
    }
    standIn.close();
    aside.accept(new ProgressEvent.LossTraced(RUN, new LossPoint(1, 1, 1)));
    aside.close();

    assertThat(notes).hasSize(1);
    assertThat(notes.getFirst())
        .startsWith("MLflow at %s is off: no answer from ".formatted(standIn.address()));
  }

  @Test
  void batchesKeepMlflowsLimits() throws Exception {
    Mlflow mlflow = mlflow();
    mlflow.accept(new ProgressEvent.SweepStarted(plan(), 1));
    mlflow.accept(new ProgressEvent.RunsStarted(List.of(RUN)));
    for (int step = 0; step < 2000; step++) {
      mlflow.accept(new ProgressEvent.LossTraced(RUN, new LossPoint(step, step, Double.NaN)));
    }
    List<Estimate> estimates =
        Stream.iterate(0, i -> i + 1)
            .limit(1500)
            .map(i -> new Estimate("e" + i, Subset.TEST, i, 0, Estimate.NATS, 1))
            .toList();
    mlflow.accept(
        new ProgressEvent.RunRecorded(record(new Outcome.Failed(7, "x".repeat(9000)), estimates)));
    mlflow.close();

    assertThat(standIn.violations()).isEmpty();
    assertThat(run(RUN).metrics).as("NaN is left out").hasSize(2000 + 1500);
    assertThat(run(RUN).status).isEqualTo("FAILED");
    assertThat(run(RUN).tags.get("ratescope.message")).hasSize(5000);
  }

  @Test
  void aKnownExperimentIsUsed() throws Exception {
    for (int i = 0; i < 2; i++) {
      Mlflow mlflow = mlflow();
      mlflow.accept(new ProgressEvent.SweepStarted(plan(), 1));
      mlflow.accept(new ProgressEvent.SweepStarted(plan(), 1));
      mlflow.close();
    }
    assertThat(standIn.requests("experiments/create")).isEqualTo(1);
    assertThat(standIn.requests("experiments/get-by-name")).isEqualTo(2);
  }
}
