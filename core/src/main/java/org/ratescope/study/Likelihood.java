package org.ratescope.study;

/** The decoder's distribution p(x|z) over pixels. Its text form is what a study file says. */
public sealed interface Likelihood {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /**
   * The Bernoulli likelihood at real-valued pixels in [0, 1]: the distortion is the binary
   * cross-entropy from logits, summed over pixels (appendix A.2).
   */
  record Bernoulli() implements Likelihood {
    @Override
    public String text() {
      return "bernoulli";
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED = "bernoulli";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Likelihood parse(String text) {
    if (text.equals("bernoulli")) {
      return new Bernoulli();
    }
    throw new IllegalArgumentException("came '%s', allowed: %s".formatted(text, ALLOWED));
  }
}
