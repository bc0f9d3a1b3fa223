package org.ratescope.train;

import java.util.List;
import java.util.stream.Collectors;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;

/**
 * Runs that differ only in numbers (split, objective weights, seed, learning rate) and so are
 * trained by one program with a leading run axis K. The cohort is the unit of work, of
 * checkpointing and of distribution.
 *
 * @param runs the runs, in the order of the run axis; at least one, all of one {@link
 *     RunFields#shape}
 */
public record Cohort(List<RunSpec> runs) {
  public Cohort {
    runs = List.copyOf(runs);
    if (runs.isEmpty() || runs.stream().map(RunFields::shape).distinct().count() != 1) {
      throw new IllegalArgumentException(
          "a cohort needs runs of exactly one shape; got "
              + runs.stream().map(RunFields::shape).distinct().toList());
    }
  }

  /** The first run, for what all runs share. */
  public RunSpec first() {
    return runs.getFirst();
  }

  /** K, the length of the run axis. */
  public int size() {
    return runs.size();
  }

  /** Updates to be made, counted per model. */
  public long modelSteps() {
    return (long) size() * first().training().iterations();
  }

  /** The identity of this cohort: a hash of its runs' ids in order. */
  public RunId id() {
    return id(runs.stream().map(RunSpec::id).toList());
  }

  /** The identity of a cohort of those runs. */
  static RunId id(List<RunId> runs) {
    return RunId.of(runs.stream().map(RunId::hex).collect(Collectors.joining(",", "cohort=", "")));
  }
}
