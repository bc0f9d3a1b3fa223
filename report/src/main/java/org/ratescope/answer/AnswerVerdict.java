package org.ratescope.answer;

/** What a comparison says about the rate term. */
public enum AnswerVerdict {
  /** Some larger β has a lower test distortion than the smallest β. */
  HELPS("helps"),
  /** Every larger β has a higher test distortion than the smallest β. */
  HURTS("hurts"),
  /** The difference is not visible above restarts and test images. */
  NO_DIFFERENCE("makes no visible difference"),
  /** Fewer than two restarts have all β, or there is one β only. */
  NOT_ENOUGH_RUNS("not enough runs"),
  /** The training loss of the compared runs was still falling when training ended. */
  NOT_CONVERGED("not converged");

  private final String text;

  AnswerVerdict(String text) {
    this.text = text;
  }

  /** As tables and JSON write it. */
  public String text() {
    return text;
  }
}
