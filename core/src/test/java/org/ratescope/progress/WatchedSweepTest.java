package org.ratescope.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.plan.Planner;
import org.ratescope.progress.EventReader.Message;
import org.ratescope.progress.EventReader.Scalar;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.sweep.LocalRunner;
import org.ratescope.sweep.SharedCache;
import org.ratescope.sweep.SmallStudy;

/** Real sweeps of seconds, watched: what the sinks are told is what the records say. */
@Timeout(300)
class WatchedSweepTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-24T10:00:00.5Z"));

  private static final Path CACHE = SharedCache.folder();

  @TempDir Path folder;

  private final List<String> notes = new CopyOnWriteArrayList<>();

  /** Keeps what it is told about losses. */
  private static final class Traces implements Progress {
    private final Map<RunId, List<LossPoint>> points = new LinkedHashMap<>();
    private final Thread interruptedAt50;

    Traces(Thread interruptedAt50) {
      this.interruptedAt50 = interruptedAt50;
    }

    @Override
    public void accept(ProgressEvent event) {
      switch (event) {
        case ProgressEvent.LossTraced lossTraced -> {
          points
              .computeIfAbsent(lossTraced.run().id(), id -> new ArrayList<>())
              .add(lossTraced.point());
          if (points.values().stream().mapToInt(List::size).sum() == 50) {
            interruptedAt50.interrupt();
          }
        }
        default -> {}
      }
    }
  }

  private RecordStore store(String name) {
    return RecordStore.at(folder.resolve(name));
  }

  private static void run(Study study, RecordStore store, Progress progress)
      throws IOException, InterruptedException {
    int unused =
        LocalRunner.of(store, CACHE).workers(2).run(Planner.of(store, 2).plan(study), progress);
  }

  private TensorBoard tensorBoard() {
    return new TensorBoard(folder.resolve("board"), CLOCK);
  }

  /** The event files of a run, the oldest first. */
  private List<Path> files(Study study, RunSpec run) throws IOException {
    try (Stream<Path> files =
        Files.list(folder.resolve("board").resolve(study.name()).resolve(run.id().hex()))) {
      return files.sorted().toList();
    }
  }

  @Test
  void theTraceThatIsToldIsTheRecords() throws Exception {
    Study study = SmallStudy.of(List.of(0.1, 1.0), 40);
    Traces traces = new Traces(new Thread());
    run(study, store("results"), traces);

    assertThat(traces.points).hasSize(8);
    for (RunSpec run : study.runs()) {
      RunRecord record = store("results").read(run.id()).orElseThrow();
      assertThat(traces.points.get(run.id())).hasSize(40).isEqualTo(record.trace());
    }
  }

  @Test
  void aRunThatDivergesIsTracedUpToThere() throws Exception {
    Study study = SmallStudy.of(List.of(1.0), 30, 1e30, new Evaluation(SmallStudy.ESTIMATORS, 300));
    Traces traces = new Traces(new Thread());
    try (AsyncTracker aside = AsyncTracker.of(tensorBoard(), notes::add)) {
      run(study, store("results"), Progress.toAll(List.of(traces, aside)));
    }

    for (RunSpec run : study.runs()) {
      RunRecord record = store("results").read(run.id()).orElseThrow();
      assertThat(record.outcome()).isInstanceOf(Outcome.Diverged.class);
      assertThat(traces.points.get(run.id())).isNotEmpty().isEqualTo(record.trace());
      List<Message> events = EventReader.events(files(study, run).getFirst());
      Message end =
          EventReader.values(events)
              .filter(v -> v.one(1).text().equals("_hparams_/session_end_info"))
              .findFirst()
              .orElseThrow();
      int failure = 2;
      assertThat(
              end.one(9).message().one(1).message().one(2).message().one(4).message().one(1).bits())
          .isEqualTo(failure);
    }
  }

  @Test
  void tensorBoardHasTheRecordsNumbers() throws Exception {
    Study study = SmallStudy.of(List.of(0.1, 1.0), 40);
    try (AsyncTracker aside = AsyncTracker.of(tensorBoard(), notes::add)) {
      run(study, store("results"), aside);
    }

    assertThat(notes).isEmpty();
    for (RunSpec run : study.runs()) {
      RunRecord record = store("results").read(run.id()).orElseThrow();
      List<Path> files = files(study, run);
      assertThat(files).hasSize(1);
      assertThat(files.getFirst().getFileName().toString())
          .startsWith("events.out.tfevents.1795514400.ratescope.");
      List<Message> events = EventReader.events(files.getFirst());
      assertThat(events.getFirst().one(3).text()).isEqualTo("brain.Event:2");
      assertThat(events).allMatch(event -> event.one(1).real() == 1795514400.5);
      assertThat(EventReader.scalars(events)).containsExactlyElementsOf(expected(record));
      assertThat(
              EventReader.values(events)
                  .filter(value -> value.one(1).text().equals("run"))
                  .map(value -> value.one(8).message().one(8).text()))
          .containsExactly("`" + run.canonical() + "`");
    }
  }

  private static List<Scalar> expected(RunRecord record) {
    List<Scalar> expected = new ArrayList<>();
    double beta = record.spec().objective().betaKl();
    for (LossPoint p : record.trace()) {
      expected.add(new Scalar("batch/distortion", p.step(), (float) p.distortion()));
      expected.add(new Scalar("batch/rate", p.step(), (float) p.rate()));
      expected.add(new Scalar("batch/loss", p.step(), (float) (p.distortion() + beta * p.rate())));
    }
    for (Estimate e : record.estimates()) {
      expected.add(
          new Scalar(
              e.subset().text() + "/" + e.name(), record.outcome().step(), (float) e.value()));
    }
    return expected;
  }

  @Test
  void aRunTakenUpAgainBeginsAFileThatMakesTheOldOneVoid() throws Exception {
    Study study = SmallStudy.of(List.of(0.1), 4000);
    AtomicBoolean interrupted = new AtomicBoolean();
    InstantSource clock =
        () -> Instant.ofEpochSecond(interrupted.get() ? 1_800_000_000 : 1_700_000_000);
    TensorBoard first = new TensorBoard(folder.resolve("board"), clock);
    try (AsyncTracker aside = AsyncTracker.of(first, notes::add)) {
      run(
          study,
          store("results"),
          Progress.toAll(List.of(new Traces(Thread.currentThread()), aside)));
    } catch (InterruptedException e) {
      interrupted.set(true);
    }
    assertThat(interrupted).isTrue();
    TensorBoard second = new TensorBoard(folder.resolve("board"), clock);
    try (AsyncTracker aside = AsyncTracker.of(second, notes::add)) {
      run(study, store("results"), aside);
    }

    int takenUp = 0;
    for (RunSpec run : study.runs()) {
      List<Path> files = files(study, run);
      takenUp += files.size() - 1;
      List<Message> last = EventReader.events(files.getLast());
      assertThat(last.get(1).one(7).message().one(1).bits()).as("START").isEqualTo(1);
      RunRecord record = store("results").read(run.id()).orElseThrow();
      assertThat(record.trace()).hasSizeGreaterThanOrEqualTo(100);
      assertThat(EventReader.scalars(last)).containsExactlyElementsOf(expected(record));
    }
    assertThat(takenUp).as("runs with two files").isPositive();
    assertThat(notes).isEmpty();
  }

  @Test
  void neitherABadFolderNorADeadServerChangesARecord() throws Exception {
    Study study = SmallStudy.of(List.of(1.0), 200);
    run(study, store("alone"), Progress.SILENT);
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    URI nobody = URI.create("http://127.0.0.1:9"); // the port of "discard"
    MlflowServer server =
        new MlflowServer(nobody, "", List.of(Duration.ofMillis(10)), Duration.ofSeconds(1));
    try (MlflowStandIn hanging = MlflowStandIn.start();
        AsyncTracker board = AsyncTracker.of(new TensorBoard(file, CLOCK), notes::add);
        AsyncTracker dead =
            AsyncTracker.of(new Mlflow(server, "s", CLOCK, Duration.ZERO), notes::add);
        AsyncTracker slow =
            AsyncTracker.of(
                Mlflow.to(hanging.address(), "", "s", CLOCK),
                notes::add,
                10,
                Duration.ofMillis(200))) {
      hanging.hang();
      run(study, store("watched"), Progress.toAll(List.of(board, dead, slow)));
    }

    for (RunSpec run : study.runs()) {
      assertThat(Files.readAllBytes(store("watched").recordFile(run.id())))
          .isEqualTo(Files.readAllBytes(store("alone").recordFile(run.id())));
    }
    assertThat(notes)
        .anyMatch(note -> note.startsWith("TensorBoard is off: ") && note.contains(file.toString()))
        .anyMatch(note -> note.startsWith("MLflow at " + nobody + " is off: no answer from "))
        .anyMatch(note -> note.contains("did not take everything within 0.2 s"))
        .anyMatch(note -> note.contains("slower than the sweep"))
        .hasSize(4);
  }
}
