package org.ratescope.progress;

import java.util.List;
import java.util.function.Consumer;
import org.ratescope.plan.Plan;
import org.ratescope.results.LossPoint;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;

/** Several listeners as one: each call goes to all of them, in order. */
public final class CompositeProgress implements Progress {
  private final List<Progress> listeners;

  private CompositeProgress(List<Progress> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** Those listeners. */
  public static CompositeProgress of(List<? extends Progress> listeners) {
    return new CompositeProgress(List.copyOf(listeners));
  }

  private void each(Consumer<Progress> call) {
    listeners.forEach(call);
  }

  @Override
  public void preparing(String what, long done, long total) {
    each(listener -> listener.preparing(what, done, total));
  }

  @Override
  public void begin(Plan plan) {
    each(listener -> listener.begin(plan));
  }

  @Override
  public void started(List<RunSpec> runs) {
    each(listener -> listener.started(runs));
  }

  @Override
  public void resumed(long modelSteps) {
    each(listener -> listener.resumed(modelSteps));
  }

  @Override
  public void advanced(long modelSteps) {
    each(listener -> listener.advanced(modelSteps));
  }

  @Override
  public void traced(RunSpec run, LossPoint point) {
    each(listener -> listener.traced(run, point));
  }

  @Override
  public void recorded(RunRecord record) {
    each(listener -> listener.recorded(record));
  }

  @Override
  public void note(String message) {
    each(listener -> listener.note(message));
  }
}
