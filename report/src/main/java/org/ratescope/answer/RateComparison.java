package org.ratescope.answer;

import java.util.Optional;

/**
 * The answer for one model on one split, with its verdict.
 *
 * @param split the split with its sizes, and all other settings that distinguish it
 * @param model the architecture, with the latent size if the study has several
 * @param effect the effect of the rate term; empty if there are not enough runs
 * @param p its p-value, corrected for the number of comparisons; NaN if it is not judged
 * @param verdict the verdict
 */
public record RateComparison(
    String split, String model, Optional<RateEffect> effect, double p, AnswerVerdict verdict) {

  /** Model and split, in a sentence. */
  public String label() {
    return "%s on %s".formatted(model, split);
  }
}
