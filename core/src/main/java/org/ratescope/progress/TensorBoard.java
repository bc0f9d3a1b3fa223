package org.ratescope.progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ratescope.io.ProtobufWriter;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

/**
 * Event files for TensorBoard, in a folder {@code STUDY/RUN} for each run that is worked on.
 * Scalars in nats per example: {@code batch/distortion} and {@code batch/rate} along the way; for a
 * beta-VAE also {@code batch/loss}, D + beta R, the negative objective of Equation 1 (with two
 * different weights the loss is no function of D and R); at the end each estimate as {@code
 * train/elbo}, {@code test/elbo} and so on. A run's settings and outcome go into TensorBoard's
 * HParams table. A run that resumes begins a new file that makes the old one void.
 */
public final class TensorBoard implements Tracker {
  private static final double SECONDS_UNWRITTEN = 2;
  private static final int BYTES_UNWRITTEN = 1 << 16;

  private final Path folder;
  private final InstantSource clock;
  private final Map<RunId, EventFile> open = new LinkedHashMap<>();
  private Path study = Path.of("");
  private double flushed;

  /**
   * @param folder what TensorBoard is given as {@code --logdir}; made when needed
   * @param clock the wall clock, which every event names
   */
  public TensorBoard(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "TensorBoard";
  }

  @Override
  public void accept(ProgressEvent event) throws IOException {
    switch (event) {
      case ProgressEvent.SweepStarted sweepStarted -> begin(sweepStarted.plan().suite().name());
      case ProgressEvent.RunsStarted runsStarted -> started(runsStarted.runs());
      case ProgressEvent.LossTraced lossTraced -> traced(lossTraced.run(), lossTraced.point());
      case ProgressEvent.RunRecorded runRecorded -> recorded(runRecorded.record());
      default -> {}
    }
  }

  private void begin(String suite) throws IOException {
    study = folder.resolve(suite);
    Files.createDirectories(study); // so that a folder that cannot be written to is told at once
  }

  private void started(List<RunSpec> runs) {
    for (RunSpec run : runs) {
      double now = now();
      EventFile file = new EventFile(study.resolve(run.id().hex()).resolve(fileName(now)));
      file.add(TensorBoardEvent.fileVersion(now));
      file.add(TensorBoardEvent.sessionStart(now));
      file.add(
          TensorBoardEvent.summary(
              now,
              0,
              TensorBoardEvent.hyperparameters(RunSettings.of(run), RunSettings.restarts(run), now),
              TensorBoardEvent.text("run", "`" + run.canonical() + "`")));
      open.put(run.id(), file);
    }
  }

  /** As TensorFlow names its files: what they are, when begun, by whom. */
  private static String fileName(double now) {
    return String.format(
        Locale.ROOT,
        "events.out.tfevents.%010d.ratescope.%d",
        (long) now,
        ProcessHandle.current().pid());
  }

  private void traced(RunSpec run, LossPoint point) throws IOException {
    EventFile file = open.get(run.id());
    if (file == null) {
      return;
    }
    List<ProtobufWriter> values = new ArrayList<>();
    values.add(TensorBoardEvent.scalar("batch/distortion", point.distortion()));
    values.add(TensorBoardEvent.scalar("batch/rate", point.rate()));
    if (run.objective().usesClosedFormRate()) {
      double loss = point.distortion() + run.objective().betaKl() * point.rate();
      values.add(TensorBoardEvent.scalar("batch/loss", loss));
    }
    file.add(TensorBoardEvent.summary(now(), point.step(), values.toArray(ProtobufWriter[]::new)));
    if (file.waiting() > BYTES_UNWRITTEN) {
      file.flush();
    }
  }

  private void recorded(RunRecord record) throws IOException {
    EventFile file = open.remove(record.id());
    if (file == null) {
      return;
    }
    List<ProtobufWriter> values = new ArrayList<>();
    for (Estimate estimate : record.estimates()) {
      values.add(
          TensorBoardEvent.scalar(
              estimate.subset().text() + "/" + estimate.name(),
              estimate.value(),
              description(estimate)));
    }
    values.add(TensorBoardEvent.text("outcome", words(record.outcome())));
    values.add(TensorBoardEvent.ended(record.outcome() instanceof Outcome.Finished, now()));
    file.add(
        TensorBoardEvent.summary(
            now(), record.outcome().step(), values.toArray(ProtobufWriter[]::new)));
    file.flush();
  }

  private static String description(Estimate estimate) {
    String settings = estimate.settings().isEmpty() ? "" : ", " + estimate.settings();
    return String.format(
        Locale.ROOT,
        "%s, standard error %.3g over %d examples%s",
        estimate.unit(),
        estimate.standardError(),
        estimate.examples(),
        settings);
  }

  private static String words(Outcome outcome) {
    String words = "%s at step %s".formatted(outcome.word(), outcome.step());
    return outcome instanceof Outcome.Failed failed ? words + ": " + failed.message() : words;
  }

  @Override
  public void tick() throws IOException {
    if (now() - flushed >= SECONDS_UNWRITTEN) {
      flush();
      flushed = now();
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }

  private void flush() throws IOException {
    for (EventFile file : open.values()) {
      file.flush();
    }
  }

  private double now() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }
}
