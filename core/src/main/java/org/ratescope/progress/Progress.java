package org.ratescope.progress;

import java.util.List;
import org.ratescope.plan.Plan;
import org.ratescope.results.LossPoint;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;

/** What a runner tells while it works. Calls come from worker threads, one at a time. */
public interface Progress {

  /** Ignores everything. */
  Progress SILENT =
      new Progress() {
        @Override
        public void preparing(String what, long done, long total) {}

        @Override
        public void begin(Plan plan) {}

        @Override
        public void advanced(long modelSteps) {}

        @Override
        public void recorded(RunRecord record) {}

        @Override
        public void note(String message) {}
      };

  /**
   * Work that precedes training, such as rendering a data set: {@code done} of {@code total} units.
   */
  void preparing(String what, long done, long total);

  /** Training begins. */
  void begin(Plan plan);

  /** A worker begins with these runs, or takes them up again; the default does nothing. */
  default void started(List<RunSpec> runs) {}

  /**
   * So many updates, counted per model, were made by an earlier call and are not made again; the
   * default counts them as {@link #advanced}.
   */
  default void resumed(long modelSteps) {
    advanced(modelSteps);
  }

  /**
   * So many more updates were made, counted per model: a cohort of K runs advances by K in one
   * step.
   */
  void advanced(long modelSteps);

  /**
   * The batch losses of a run in training, about a hundred times in its life; those that an earlier
   * call kept are told again when the run is taken up. The default does nothing.
   */
  default void traced(RunSpec run, LossPoint point) {}

  /** A run has ended and its record is on disk. */
  void recorded(RunRecord record);

  /**
   * Something a person should read, such as a cohort that is taken up again from its checkpoint.
   */
  void note(String message);
}
