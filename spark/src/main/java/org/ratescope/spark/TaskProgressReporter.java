package org.ratescope.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ratescope.plan.Plan;
import org.ratescope.progress.Progress;
import org.ratescope.results.LossPoint;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

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

  @Override
  public void preparing(String what, long done, long total) {}

  @Override
  public void begin(Plan plan) {}

  @Override
  public void started(List<RunSpec> runs) {
    send();
  }

  @Override
  public void resumed(long modelSteps) {
    resumed += modelSteps;
    send();
  }

  @Override
  public void advanced(long modelSteps) {
    advanced += modelSteps;
    if (System.nanoTime() - sentAt >= PAUSE_NANOS) {
      send();
    }
  }

  @Override
  public void traced(RunSpec run, LossPoint point) {
    Integer k = places.get(run.id());
    if (k != null) {
      traces.add(ExecutorMessage.Traced.of(k, point));
    }
  }

  /** The driver learns of records from the task's answer. */
  @Override
  public void recorded(RunRecord record) {}

  @Override
  public void note(String message) {
    notes.add(message);
    send();
  }

  /** Sends the collected progress. */
  void send() {
    post.accept(new ExecutorMessage.News(task.number(), attempt, resumed, advanced, traces, notes));
    traces.clear();
    notes.clear();
    sentAt = System.nanoTime();
  }
}
