package org.ratescope.progress;

import java.util.List;
import org.ratescope.plan.Plan;
import org.ratescope.results.LossPoint;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;

/** One thing that happens while a sweep, a download or other long work goes on. */
public sealed interface ProgressEvent {

  /** Work that precedes training, such as rendering a data set: {@code done} of {@code total}. */
  record Preparing(String what, long done, long total) implements ProgressEvent {}

  /** Bytes of a file that are there; those of a file's first event were there before. */
  record Transferring(String what, long bytes, long total) implements ProgressEvent {}

  /**
   * Training begins; sent again when runs that diverged are repeated.
   *
   * @param operations floating-point operations of the products of all updates
   */
  record SweepStarted(Plan plan, double operations) implements ProgressEvent {}

  /** A worker begins these runs, or continues them from a checkpoint. */
  record RunsStarted(List<RunSpec> runs) implements ProgressEvent {}

  /**
   * An earlier process made these updates, and this one does not repeat them; below 0, updates that
   * are made again.
   *
   * @param modelSteps updates, counted per model
   * @param operations floating-point operations of their products
   */
  record StepsResumed(long modelSteps, double operations) implements ProgressEvent {}

  /**
   * Updates: a cohort of K runs makes K of them in one step.
   *
   * @param modelSteps updates, counted per model
   * @param operations floating-point operations of their products, to which the time is nearly
   *     proportional
   */
  record StepsMade(long modelSteps, double operations) implements ProgressEvent {}

  /** A worker has trained these runs, and begins to estimate from their weights. */
  record EstimatesStarted(List<RunSpec> runs) implements ProgressEvent {}

  /**
   * The batch losses of a run in training, about a hundred times in a run. A run that continues
   * from a checkpoint sends the earlier ones again.
   */
  record LossTraced(RunSpec run, LossPoint point) implements ProgressEvent {}

  /** A run has ended and its record is on disk. */
  record RunRecorded(RunRecord record) implements ProgressEvent {}

  /** A message that a person should read. */
  record Note(String message) implements ProgressEvent {}
}
