package org.ratescope.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ratescope.plan.Plan;
import org.ratescope.record.RunRecord;
import org.ratescope.record.TracePoint;
import org.ratescope.run.Progress;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;

/** Progress of one attempt at a task, as letters to the driver: two a second at most. */
final class Teller implements Progress {
  private static final long PAUSE_NANOS = 500_000_000;

  private final CohortTask task;
  private final long attempt;
  private final Consumer<Mail.News> post;
  private final Map<RunId, Integer> places = new HashMap<>();
  private final List<Mail.Traced> traces = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long resumed;
  private long advanced;
  private long sentAt;

  Teller(CohortTask task, long attempt, Consumer<Mail.News> post) {
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
  public void traced(RunSpec run, TracePoint point) {
    Integer k = places.get(run.id());
    if (k != null) {
      traces.add(Mail.Traced.of(k, point));
    }
  }

  /** The driver learns of records by the task's answer. */
  @Override
  public void recorded(RunRecord record) {}

  @Override
  public void note(String message) {
    notes.add(message);
    send();
  }

  /** Sends what there is. */
  void send() {
    post.accept(new Mail.News(task.number(), attempt, resumed, advanced, traces, notes));
    traces.clear();
    notes.clear();
    sentAt = System.nanoTime();
  }
}
