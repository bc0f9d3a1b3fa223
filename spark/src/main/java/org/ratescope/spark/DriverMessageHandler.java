package org.ratescope.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.io.AtomicFile;
import org.ratescope.progress.Progress;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.RunSummary;
import org.ratescope.results.store.RecordReader;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sweep.DamagedFiles;
import org.ratescope.sweep.TooManyFailuresException;

/** The driver's receiver of messages: reports progress, and writes returned files. */
final class DriverMessageHandler {
  private final List<CohortTaskDescription> tasks;
  private final RecordStore store;
  private final Progress progress;
  private final Map<Integer, AttemptMerger> open = new HashMap<>();
  private final boolean[] answered;
  private final int allowedFailures;
  private int unfinished;
  private int failed;

  /** Stops the sweep when more than this number of runs have failed. */
  DriverMessageHandler(
      List<CohortTaskDescription> tasks,
      RecordStore store,
      Progress progress,
      int allowedFailures) {
    this.tasks = tasks;
    this.store = store;
    this.progress = progress;
    this.allowedFailures = allowedFailures;
    this.answered = new boolean[tasks.size()];
  }

  /** How many runs have diverged or failed so far. */
  int unfinished() {
    return unfinished;
  }

  void take(ExecutorMessage mail) throws IOException {
    switch (mail) {
      case ExecutorMessage.News news -> {
        if (!answered[news.number()]) {
          bulletin(news.number()).heard(news);
        }
      }
      case ExecutorMessage.Answer answer -> end(answer);
    }
  }

  private void end(ExecutorMessage.Answer answer) throws IOException {
    int number = answer.number();
    if (!answer.files().isEmpty()) {
      renameDamaged(number);
    }
    for (ExecutorMessage.Returned file : answer.files()) {
      if (!isFailureOfFinishedRun(number, file)) {
        AtomicFile.write(place(file), file.bytes());
      }
    }
    AttemptMerger bulletin = bulletin(number);
    bulletin.ended();
    open.remove(number);
    answered[number] = true;
    for (RunSpec run : wanted(number)) {
      RunRecord record = read(run);
      unfinished += record.outcome() instanceof Outcome.Finished ? 0 : 1;
      failed += record.outcome() instanceof Outcome.Failed ? 1 : 0;
      bulletin.recorded(record);
    }
    if (failed > allowedFailures) {
      throw new TooManyFailuresException(failed, allowedFailures);
    }
  }

  /** The executor cannot see the files that it replaces. */
  private void renameDamaged(int number) throws IOException {
    DamagedFiles damaged = new DamagedFiles(store, progress::note);
    for (CohortTaskDescription.RunText text : tasks.get(number).runs()) {
      if (text.wanted()) {
        RunSpec run = text.run();
        boolean unused = damaged.record(run.id());
        boolean unusedToo = damaged.weights(run);
        damaged.details(run, text.evaluation());
      }
    }
  }

  /**
   * Whether a file is the record of a failed run that had finished, and was trained again because
   * its weights were missing: it keeps its record, as in a local call.
   */
  private boolean isFailureOfFinishedRun(int number, ExecutorMessage.Returned file)
      throws IOException {
    Path place = place(file);
    for (RunSpec run : wanted(number)) {
      Path record = store.recordFile(run.id()).toAbsolutePath().normalize();
      if (place.equals(record) && hasFinished(store.summary(run.id()).map(RunSummary::outcome))) {
        String text = new String(file.bytes(), StandardCharsets.UTF_8);
        return RecordReader.record(text).outcome() instanceof Outcome.Failed;
      }
    }
    return false;
  }

  private static boolean hasFinished(Optional<Outcome> outcome) {
    return outcome.filter(Outcome.Finished.class::isInstance).isPresent();
  }

  private RunRecord read(RunSpec run) throws IOException {
    Optional<RunRecord> record = store.read(run.id());
    return record.orElseThrow(
        () ->
            new IOException(
                "%s is missing, although the cohort has ended: do the machines share %s? If not, use --ship"
                    .formatted(store.recordFile(run.id()), store.root())));
  }

  /** An executor may name only files of the results folder. */
  private Path place(ExecutorMessage.Returned file) throws IOException {
    Path root = store.root().toAbsolutePath().normalize();
    Path place = root.resolve(file.place()).normalize();
    if (!place.startsWith(root)) {
      throw new IOException("an executor returned %s, which is not in %s".formatted(place, root));
    }
    return place;
  }

  private AttemptMerger bulletin(int number) {
    return open.computeIfAbsent(
        number,
        n -> {
          List<RunSpec> runs = runs(n);
          long steps =
              tasks.get(n).kind() == CohortTaskDescription.Kind.TRAIN
                  ? (long) runs.size() * runs.getFirst().training().iterations()
                  : 0;
          return new AttemptMerger(runs, wanted(n), steps, progress);
        });
  }

  private List<RunSpec> runs(int number) {
    return tasks.get(number).runs().stream().map(CohortTaskDescription.RunText::run).toList();
  }

  private List<RunSpec> wanted(int number) {
    List<RunSpec> wanted = new ArrayList<>();
    for (CohortTaskDescription.RunText text : tasks.get(number).runs()) {
      if (text.wanted()) {
        wanted.add(text.run());
      }
    }
    return wanted;
  }
}
