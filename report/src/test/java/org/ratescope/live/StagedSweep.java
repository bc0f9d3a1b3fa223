package org.ratescope.live;

import java.util.List;
import org.ratescope.figure.Generated;
import org.ratescope.model.ParameterLayout;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;

/** The progress calls of a sweep of made-up records, step by step, for tests only. */
final class StagedSweep {
  /** Nothing in it may be interpreted as HTML. */
  static final String MESSAGE = "out of memory <img src=x onerror=\"document.title='broken in'\">";

  final Study study = Generated.small(1);
  final Plan plan;
  private final Progress progress;

  StagedSweep(Progress progress) {
    this.progress = progress;
    List<RunSpec> runs = study.runs();
    List<Cohort> cohorts =
        List.of(
            new Cohort(runs.subList(2, 6)),
            new Cohort(runs.subList(6, 12)),
            new Cohort(runs.subList(12, 18)),
            new Cohort(runs.subList(18, 24)));
    this.plan = new Plan(Suite.of(study), runs.subList(0, 2), List.of(), cohorts, List.of());
  }

  void begin() {
    progress.accept(new ProgressEvent.SweepStarted(plan, Planner.operations(plan)));
  }

  List<RunSpec> runs(int cohort) {
    return plan.cohorts().get(cohort).runs();
  }

  void start(int cohort) {
    progress.accept(new ProgressEvent.RunsStarted(runs(cohort)));
  }

  /** That number of points of the traces of a cohort's runs, and their steps. */
  void trace(int cohort, int from, int to) {
    for (RunSpec run : runs(cohort)) {
      List<LossPoint> trace = Generated.finished(run).trace();
      trace
          .subList(from, to)
          .forEach(point -> progress.accept(new ProgressEvent.LossTraced(run, point)));
      long steps = 80L * (to - from);
      double operations = ParameterLayout.operationsPerStep(run);
      progress.accept(new ProgressEvent.StepsMade(steps, steps * operations));
    }
  }

  void record(int cohort) {
    runs(cohort)
        .forEach(run -> progress.accept(new ProgressEvent.RunRecorded(Generated.finished(run))));
  }

  /** A cohort whose first run fails and whose second diverges. */
  void recordWithTroubles(int cohort) {
    List<RunSpec> runs = runs(cohort);
    progress.accept(
        new ProgressEvent.RunRecorded(ended(runs.get(0), new Outcome.Failed(0, MESSAGE))));
    progress.accept(new ProgressEvent.RunRecorded(ended(runs.get(1), new Outcome.Diverged(77))));
    runs.stream()
        .skip(2)
        .forEach(run -> progress.accept(new ProgressEvent.RunRecorded(Generated.finished(run))));
  }

  private static RunRecord ended(RunSpec run, Outcome outcome) {
    return Generated.ended(run, outcome);
  }

  void note(String message) {
    progress.note(message);
  }
}
