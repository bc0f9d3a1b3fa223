package org.ratescope.results;

/** How a run ended. A diverged or failed run is a record too. */
public sealed interface Outcome {

  /** Parameter updates carried out. */
  int step();

  /** One word for tables: finished, diverged or failed. */
  default String word() {
    return switch (this) {
      case Finished ignored -> "finished";
      case Diverged ignored -> "diverged";
      case Failed ignored -> "failed";
    };
  }

  /**
   * Training came to its end: all iterations were carried out, or early stopping ended it.
   *
   * @param step updates carried out
   * @param weightsOf updates that the kept weights have seen: fewer than {@code step} where early
   *     stopping went back to the smallest validation loss
   */
  record Finished(int step, int weightsOf) implements Outcome {
    /** All iterations were carried out and the last weights kept. */
    public Finished(int step) {
      this(step, step);
    }
  }

  /**
   * The loss became non-finite in the update numbered {@code step}, counted from 0; no later update
   * was made.
   */
  record Diverged(int step) implements Outcome {}

  /** Something else ended the run; {@code message} says what. */
  record Failed(int step, String message) implements Outcome {}
}
