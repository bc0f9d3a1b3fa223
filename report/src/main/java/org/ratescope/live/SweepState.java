package org.ratescope.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.ratescope.plan.Plan;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.progress.ProgressMeter;
import org.ratescope.progress.ProgressSnapshot;
import org.ratescope.progress.Tracker;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;

/**
 * The state that the page shows. A page gets the whole state once, then the changes four times a
 * second. docs/watching.md describes the names in the JSON.
 */
final class SweepState implements Tracker {
  private static final int MOST_NOTES = 100;

  /** Maximum number of records of earlier calls to read between two updates. */
  private static final int RECORDS_PER_TICK = 50;

  private final Suite suite;
  private final RecordStore store;
  private final String report;
  private final ProgressMeter meter;
  private final EventStream stream;

  private final Map<RunId, CohortState> cohortOf = new HashMap<>();
  private final Map<RunId, ObjectNode> points = new LinkedHashMap<>();
  private final Map<RunId, ObjectNode> failures = new LinkedHashMap<>();
  private final Set<CohortState> cohorts = new LinkedHashSet<>();
  private final Deque<String> notes = new ArrayDeque<>();
  private final Losses losses = new Losses();
  private final Deque<RunSpec> earlier =
      new ArrayDeque<>(); // runs whose records are still to be read
  private long toRecord;
  private boolean begun;
  private ObjectNode over = object();

  // Changes that were not sent yet
  private final Set<CohortState> changedCohorts = new LinkedHashSet<>();
  private final Deque<ObjectNode> newPoints = new ArrayDeque<>();
  private final Deque<ObjectNode> newFailures = new ArrayDeque<>();
  private final Deque<String> newNotes = new ArrayDeque<>();
  private ObjectNode shownStage = object();

  /**
   * @param report where the report is or how to write it, in words
   * @param nanoTime a clock like {@link System#nanoTime}
   * @param stream the pages to update
   */
  SweepState(
      Suite suite, RecordStore store, String report, LongSupplier nanoTime, EventStream stream) {
    this.suite = suite;
    this.store = store;
    this.report = report;
    this.meter = new ProgressMeter(nanoTime);
    this.stream = stream;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Override
  public String name() {
    return "the live page";
  }

  @Override
  public synchronized void accept(ProgressEvent event) {
    meter.accept(event);
    switch (event) {
      case ProgressEvent.SweepStarted sweepStarted -> begin(sweepStarted.plan());
      case ProgressEvent.RunsStarted runsStarted -> started(runsStarted.runs());
      case ProgressEvent.LossTraced lossTraced -> traced(lossTraced.run(), lossTraced.point());
      case ProgressEvent.RunRecorded runRecorded -> recorded(runRecorded.record());
      case ProgressEvent.Note note -> note(note.message());
      default -> {}
    }
  }

  private void begin(Plan plan) {
    begun = true;
    toRecord += plan.runsToTrain() + plan.evaluations().size();
    plan.done().stream().filter(run -> !isShown(run.id())).forEach(earlier::add);
    for (Cohort cohort : plan.cohorts()) {
      CohortState state = new CohortState(cohort);
      cohort.runs().forEach(run -> cohortOf.put(run.id(), state));
      cohorts.add(state);
      changedCohorts.add(state);
    }
  }

  private boolean isShown(RunId run) {
    return points.containsKey(run) || failures.containsKey(run);
  }

  private void started(List<RunSpec> runs) {
    losses.forgetEnded();
    for (RunSpec run : runs) {
      CohortState cohort = cohortOf.get(run.id());
      if (cohort != null) {
        cohort.started();
        changedCohorts.add(cohort);
        losses.begin(run, cohort.id());
      }
    }
  }

  private void traced(RunSpec run, LossPoint point) {
    CohortState cohort = cohortOf.get(run.id());
    if (cohort != null) {
      cohort.traced(point);
      changedCohorts.add(cohort);
      losses.add(run, cohort.id(), point);
    }
  }

  private void recorded(RunRecord record) {
    toRecord--;
    losses.end(record.id());
    CohortState cohort = cohortOf.get(record.id());
    if (cohort != null) {
      cohort.recorded(record);
      changedCohorts.add(cohort);
    }
    show(record);
  }

  private void show(RunRecord record) {
    if (record.outcome() instanceof Outcome.Finished) {
      points.put(record.id(), RunPoint.of(record));
      newPoints.add(RunPoint.of(record));
    } else {
      failures.put(record.id(), RunPoint.failure(record));
      newFailures.add(RunPoint.failure(record));
    }
  }

  private void note(String message) {
    notes.add(message);
    newNotes.add(message);
    if (notes.size() > MOST_NOTES) {
      notes.remove();
    }
  }

  @Override
  public synchronized void tick() {
    for (int i = 0; i < RECORDS_PER_TICK && !earlier.isEmpty(); i++) {
      showEarlier(earlier.remove());
    }
    sendChanges();
  }

  private void showEarlier(RunSpec run) {
    try {
      store.read(run.id()).filter(record -> !isShown(record.id())).ifPresent(this::show);
    } catch (IOException e) {
      note("cannot show a record: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    boolean finished = begun && toRecord == 0;
    String words =
        finished
            ? "Every run has a record. " + report
            : "Stopped: the same command resumes from the last checkpoint.";
    over = object().put("finished", finished).put("words", words);
    stream.send(EventStream.event("end", over));
    stream.end();
  }

  /** Sends the whole state to a page that is new or has missed events, then the changes. */
  synchronized void catchUp(StreamClient client) {
    sendChanges();
    client.restart(EventStream.event("state", whole()));
    if (!over.isEmpty()) {
      client.offer(EventStream.event("end", over));
      client.end();
    }
  }

  private void sendChanges() {
    ObjectNode stage = stage();
    boolean quiet =
        changedCohorts.isEmpty()
            && newPoints.isEmpty()
            && newFailures.isEmpty()
            && newNotes.isEmpty()
            && losses.areSent();
    if (quiet && stage.equals(shownStage)) {
      return;
    }
    ObjectNode json = json(stage, changedCohorts, newPoints, newFailures, newNotes);
    losses.takeFresh(json);
    stream.send(EventStream.event("change", json));
    shownStage = stage;
    changedCohorts.clear();
    newPoints.clear();
    newFailures.clear();
    newNotes.clear();
  }

  /** The whole state as text. */
  synchronized String text() {
    return whole().toString();
  }

  private String dataNames() {
    return suite.data().stream()
        .map(DataSpec::displayName)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private ObjectNode whole() {
    ObjectNode json = json(stage(), cohorts, points.values(), failures.values(), notes);
    json.set("traces", losses.json());
    json.putObject("study")
        .put("name", suite.name())
        .put("title", suite.title())
        .put("data", dataNames())
        .put("logDistortion", hasPositiveDistortion())
        .set("fields", RunPoint.fields());
    json.set("over", over);
    return json;
  }

  /** Whether the axis of the distortion may be logarithmic. */
  private boolean hasPositiveDistortion() {
    return suite.studies().stream()
        .flatMap(study -> study.likelihoods().stream())
        .allMatch(Likelihood::hasPositiveDistortion);
  }

  private static ObjectNode json(
      ObjectNode stage,
      Collection<CohortState> cohorts,
      Collection<ObjectNode> points,
      Collection<ObjectNode> failures,
      Collection<String> notes) {
    ObjectNode json = object();
    json.set("stage", stage);
    json.putArray("cohorts").addAll(cohorts.stream().map(CohortState::json).toList());
    json.putArray("points").addAll(points);
    json.putArray("failures").addAll(failures);
    ArrayNode texts = json.putArray("notes");
    notes.forEach(texts::add);
    return json;
  }

  private ObjectNode stage() {
    ProgressSnapshot stage = meter.stage();
    ObjectNode json =
        object()
            .put("what", stage.what())
            .put("done", stage.done())
            .put("total", stage.total())
            .put("share", stage.share())
            .put("finished", stage.runs().finished())
            .put("running", stage.runs().running())
            .put("diverged", stage.runs().diverged())
            .put("failed", stage.runs().failed())
            .put("runs", stage.runs().total())
            .put("stepsPerSecond", Math.round(stage.stepsPerSecond()))
            .put("elapsed", (long) stage.elapsedSeconds());
    return stage.remainingSeconds() < 0
        ? json.putNull("remaining")
        : json.put("remaining", Math.round(stage.remainingSeconds()));
  }
}
