package org.ratescope.progress;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

/**
 * Export to an MLflow tracking server: one experiment for a study, one MLflow run for each run that
 * is worked on, with its settings as parameters, batch losses and estimates as metrics (nats per
 * example, named as in {@link TensorBoard}), and its id as the tag {@code ratescope.run}. Metrics
 * are gathered and sent in batches within MLflow's limits. A run that was begun and has no record
 * when the sweep ends is marked KILLED.
 */
public final class Mlflow implements Tracker {
  /** MLflow's limits for a call of log-batch, over metrics, parameters and tags together. */
  private static final int LARGEST_BATCH = 1000;

  private static final int LONGEST_TAG = 5000;
  private static final Duration BETWEEN_BATCHES = Duration.ofSeconds(10);

  private final MlflowServer server;
  private final String experimentName;
  private final InstantSource clock;
  private final Duration betweenBatches;
  private final Map<RunId, Logged> running = new LinkedHashMap<>();
  private String experiment = "";
  private long sent;

  /** A run on the server and the metrics that wait to be sent. */
  private record Logged(String id, List<ObjectNode> metrics) {}

  Mlflow(MlflowServer server, String experimentName, InstantSource clock, Duration betweenBatches) {
    this.server = server;
    this.experimentName = experimentName;
    this.clock = clock;
    this.betweenBatches = betweenBatches;
  }

  /**
   * Export to a server.
   *
   * @param address where it is, for example {@code http://localhost:5000}
   * @param token sent as a bearer token; empty for none
   * @param experiment the experiment's name, in most cases the study's
   * @param clock the wall clock, which every metric names
   */
  public static Mlflow to(URI address, String token, String experiment, InstantSource clock) {
    MlflowServer server =
        new MlflowServer(address, token, MlflowServer.patientWaits(), Duration.ofSeconds(10));
    return new Mlflow(server, experiment, clock, BETWEEN_BATCHES);
  }

  @Override
  public String name() {
    return "MLflow at " + server.address();
  }

  @Override
  public void accept(ProgressEvent event) throws IOException, InterruptedException {
    switch (event) {
      case ProgressEvent.SweepStarted started -> begin();
      case ProgressEvent.RunsStarted runsStarted -> started(runsStarted.runs());
      case ProgressEvent.LossTraced lossTraced -> traced(lossTraced.run(), lossTraced.point());
      case ProgressEvent.RunRecorded runRecorded -> recorded(runRecorded.record());
      default -> {}
    }
  }

  private void begin() throws IOException, InterruptedException {
    if (experiment.isEmpty()) {
      experiment = server.experiment(experimentName);
    }
  }

  private void started(List<RunSpec> runs) throws IOException, InterruptedException {
    for (RunSpec run : runs) {
      ObjectNode body =
          MlflowServer.object()
              .put("experiment_id", experiment)
              .put("run_name", RunSettings.name(run))
              .put("start_time", clock.millis());
      ArrayNode tags = body.putArray("tags");
      tag(tags, "ratescope.run", run.id().hex());
      tag(tags, "ratescope.restarts", RunSettings.restarts(run));
      tag(tags, "mlflow.source.name", "ratescope");
      Logged logged = new Logged(server.createRun(body), new ArrayList<>());
      running.put(run.id(), logged);
      ObjectNode batch = batch(logged);
      ArrayNode parameters = batch.putArray("params");
      RunSettings.of(run)
          .forEach(
              (name, value) ->
                  parameters.addObject().put("key", name).put("value", value.toString()));
      server.logBatch(batch);
    }
  }

  private static void tag(ArrayNode tags, String key, String value) {
    String most = value.substring(0, Math.min(value.length(), LONGEST_TAG));
    tags.addObject().put("key", key).put("value", most);
  }

  private static ObjectNode batch(Logged logged) {
    return MlflowServer.object().put("run_id", logged.id);
  }

  private void traced(RunSpec run, LossPoint point) throws IOException, InterruptedException {
    Logged logged = running.get(run.id());
    if (logged == null) {
      return;
    }
    metric(logged, "batch/distortion", point.distortion(), point.step());
    metric(logged, "batch/rate", point.rate(), point.step());
    if (run.objective().usesClosedFormRate()) {
      double loss = point.distortion() + run.objective().betaKl() * point.rate();
      metric(logged, "batch/loss", loss, point.step());
    }
    if (logged.metrics.size() >= LARGEST_BATCH / 2) {
      send(logged);
    }
  }

  /** Gathers a metric; JSON has no numbers that are not finite, so these are left out. */
  private void metric(Logged logged, String key, double value, int step) {
    if (Double.isFinite(value)) {
      logged.metrics.add(
          MlflowServer.object()
              .put("key", key)
              .put("value", value)
              .put("timestamp", clock.millis())
              .put("step", step));
    }
  }

  private void send(Logged logged) throws IOException, InterruptedException {
    for (int from = 0; from < logged.metrics.size(); from += LARGEST_BATCH) {
      int to = Math.min(from + LARGEST_BATCH, logged.metrics.size());
      ObjectNode batch = batch(logged);
      batch.putArray("metrics").addAll(logged.metrics.subList(from, to));
      server.logBatch(batch);
    }
    logged.metrics.clear();
  }

  private void recorded(RunRecord record) throws IOException, InterruptedException {
    Logged logged = running.remove(record.id());
    if (logged == null) {
      return;
    }
    for (Estimate estimate : record.estimates()) {
      String key = estimate.subset().text() + "/" + estimate.name();
      metric(logged, key, estimate.value(), record.outcome().step());
    }
    send(logged);
    ObjectNode batch = batch(logged);
    ArrayNode tags = batch.putArray("tags");
    tag(tags, "ratescope.outcome", record.outcome().word());
    if (record.outcome() instanceof Outcome.Failed failed) {
      tag(tags, "ratescope.message", failed.message());
    }
    server.logBatch(batch);
    end(logged, record.outcome() instanceof Outcome.Finished ? "FINISHED" : "FAILED");
  }

  private void end(Logged logged, String status) throws IOException, InterruptedException {
    server.updateRun(batch(logged).put("status", status).put("end_time", clock.millis()));
  }

  @Override
  public void tick() throws IOException, InterruptedException {
    if (clock.millis() - sent >= betweenBatches.toMillis()) {
      for (Logged logged : running.values()) {
        send(logged);
      }
      sent = clock.millis();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    try {
      for (Logged logged : running.values()) {
        send(logged);
        end(logged, "KILLED");
      }
    } finally {
      server.close();
    }
  }
}
