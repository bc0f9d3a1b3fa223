package org.ratescope.progress;

/**
 * Progress at one moment.
 *
 * @param what the work at hand; empty before the first event
 * @param done units done
 * @param total units in all
 * @param share of the work that is done, from 0 to 1: in training, of the floating-point operations
 *     of all updates
 * @param runs the runs of the study, or {@link Runs#NONE} before training
 * @param stepsPerSecond units per second lately, 0 while unknown
 * @param elapsedSeconds since this work began
 * @param remainingSeconds expected, negative while unknown
 * @param unit what is counted
 */
public record ProgressSnapshot(
    String what,
    long done,
    long total,
    double share,
    Runs runs,
    double stepsPerSecond,
    double elapsedSeconds,
    double remainingSeconds,
    Unit unit) {

  /** What {@code done} and {@code total} count. */
  public enum Unit {
    THINGS,
    BYTES
  }

  /**
   * Runs by their state.
   *
   * @param finished with a record of a finished run
   * @param running in a cohort that has started
   * @param estimating those of the running ones that are trained, and whose estimates are computed
   * @param diverged whose loss became non-finite
   * @param failed that could not be carried out
   * @param total all runs of the study
   */
  public record Runs(
      int finished, int running, int estimating, int diverged, int failed, int total) {
    /** Before training. */
    public static final Runs NONE = new Runs(0, 0, 0, 0, 0, 0);
  }
}
