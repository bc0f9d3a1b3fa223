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

  /** Training begins; sent again when runs that diverged are repeated. */
  record SweepStarted(Plan plan) implements ProgressEvent {}

  /** A worker begins these runs, or continues them from a checkpoint. */
  record RunsStarted(List<RunSpec> runs) implements ProgressEvent {}

  /** An earlier process made these updates, counted per model; this one does not repeat them. */
  record StepsResumed(long modelSteps) implements ProgressEvent {}

  /** Updates, counted per model: a cohort of K runs makes K of them in one step. */
  record StepsMade(long modelSteps) implements ProgressEvent {}

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
