package org.ratescope.spec;

import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.Wording;

/** The decoder's distribution p(x|z) over pixels. Its text form is what a study file says. */
public sealed interface Likelihood {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /** What people call it: {@code Gaussian (variance 0.1)}. */
  String displayName();

  /**
   * The Bernoulli likelihood at real-valued pixels in [0, 1]: the distortion is the binary
   * cross-entropy from logits, summed over pixels (appendix A.2).
   */
  record Bernoulli() implements Likelihood {
    @Override
    public String text() {
      return "bernoulli";
    }

    @Override
    public String displayName() {
      return "Bernoulli";
    }
  }

  /**
   * The continuous Bernoulli likelihood of pixels in [0, 1] (Loaiza-Ganem and Cunningham 2019): the
   * Bernoulli's expression with the constant that makes it a density over the interval. The
   * distortion may be negative.
   */
  record ContinuousBernoulli() implements Likelihood {
    @Override
    public String text() {
      return "continuous-bernoulli";
    }

    @Override
    public String displayName() {
      return "Continuous Bernoulli";
    }
  }

  /**
   * The Gaussian likelihood N(x; y, variance · I) with a fixed variance; y is the decoder's output
   * as it is. The distortion carries its constant, ½ log(2π · variance) per pixel (Figure A23 has
   * variance 0.1).
   *
   * @param variance finite and above 0
   */
  record Gaussian(double variance) implements Likelihood {
    public Gaussian {
      Checks.positive("variance", variance);
    }

    @Override
    public String text() {
      return "gaussian:" + variance;
    }

    @Override
    public String displayName() {
      return "Gaussian (variance " + Wording.number(variance) + ")";
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED =
      "bernoulli, continuous-bernoulli, or gaussian:VARIANCE with a variance above 0, for example"
          + " gaussian:0.1";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Likelihood parse(String text) {
    try {
      if (text.equals("bernoulli")) {
        return new Bernoulli();
      }
      if (text.equals("continuous-bernoulli")) {
        return new ContinuousBernoulli();
      }
      if (text.startsWith("gaussian:")) {
        return new Gaussian(Double.parseDouble(text.substring("gaussian:".length())));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED), e);
    }
    throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED));
  }
}
