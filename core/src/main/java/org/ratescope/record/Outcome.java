package org.ratescope.record;

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

  /** All iterations were carried out. */
  record Finished(int step) implements Outcome {}

  /**
   * The loss became non-finite in the update numbered {@code step}, counted from 0; no later update
   * was made.
   */
  record Diverged(int step) implements Outcome {}

  /** Something else ended the run; {@code message} says what. */
  record Failed(int step, String message) implements Outcome {}
}
