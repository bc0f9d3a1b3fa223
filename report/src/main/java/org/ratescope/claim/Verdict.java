package org.ratescope.claim;

/**
 * A claim, judged.
 *
 * @param claim the claim
 * @param outcome what came of it
 * @param numbers what the outcome rests on, or what is missing, in words
 */
public record Verdict(Claim claim, Outcome outcome, String numbers) {

  /** What can come of a claim. */
  public enum Outcome {
    /** The records show what is claimed. */
    HOLDS("holds"),
    /** The records show otherwise. */
    DOES_NOT_HOLD("does not hold"),
    /** Runs that the claim rests on still improve, or their estimates are doubtful. */
    NOT_TRAINED("not trained far enough"),
    /** The records lack what the claim needs. */
    NOT_ENOUGH_RUNS("not enough runs");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    /** Of a claim with enough runs. */
    static Outcome of(boolean trained, boolean holds) {
      if (!trained) {
        return NOT_TRAINED;
      }
      return holds ? HOLDS : DOES_NOT_HOLD;
    }

    /** The outcome in words. */
    public String text() {
      return text;
    }
  }
}
