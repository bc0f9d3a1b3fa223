package org.ratescope.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.spec.RunId;

/** Sends the progress of one attempt at a task to the driver: at most two messages a second. */
final class TaskProgressReporter implements Progress {
  private static final long PAUSE_NANOS = 500_000_000;

  private final CohortTaskDescription task;
  private final long attempt;
  private final Consumer<ExecutorMessage.News> post;
  private final Map<RunId, Integer> places = new HashMap<>();
  private final List<ExecutorMessage.Traced> traces = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long resumed;
  private long advanced;
  private long sentAt;

  TaskProgressReporter(
      CohortTaskDescription task, long attempt, Consumer<ExecutorMessage.News> post) {
    this.task = task;
    this.attempt = attempt;
    this.post = post;
    for (int k = 0; k < task.runs().size(); k++) {
      places.put(task.runs().get(k).run().id(), k);
    }
  }

  /** The driver learns of records by the task's answer. */
  @Override
  public void accept(ProgressEvent event) {
    boolean urgent = true;
    switch (event) {
      case ProgressEvent.RunsStarted ignored -> {}
      case ProgressEvent.StepsResumed steps -> resumed += steps.modelSteps();
      case ProgressEvent.StepsMade steps -> {
        advanced += steps.modelSteps();
        urgent = System.nanoTime() - sentAt >= PAUSE_NANOS;
      }
      case ProgressEvent.LossTraced lossTraced -> {
        Integer k = places.get(lossTraced.run().id());
        if (k != null) {
          traces.add(ExecutorMessage.Traced.of(k, lossTraced.point()));
        }
        urgent = false;
      }
      case ProgressEvent.Note note -> notes.add(note.message());
      default -> urgent = false;
    }
    if (urgent) {
      send();
    }
  }

  /** Sends the collected progress. */
  void send() {
    post.accept(new ExecutorMessage.News(task.number(), attempt, resumed, advanced, traces, notes));
    traces.clear();
    notes.clear();
    sentAt = System.nanoTime();
  }
}
