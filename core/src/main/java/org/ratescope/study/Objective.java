package org.ratescope.study;

/**
 * The training objective L = -D - betaMi I(x;z) - betaKl KL(q(z)||p(z)) (appendix C.6), maximised.
 * With equal weights it is the paper's Equation 1, -D - beta R.
 *
 * @param betaMi weight of the mutual information, finite and at least 0
 * @param betaKl weight of the marginal KL, finite and at least 0
 */
public record Objective(double betaMi, double betaKl) {
  public Objective {
    Range.nonNegative("betaMi", betaMi);
    Range.nonNegative("betaKl", betaKl);
  }

  /** The beta-VAE, L_beta = -D - beta R (Equation 1); beta = 1 is the evidence lower bound. */
  public static Objective beta(double beta) {
    return new Objective(Range.nonNegative("beta", beta), beta);
  }

  /** Whether the closed-form rate is all that is needed, since both weights are equal. */
  public boolean usesClosedFormRate() {
    return betaMi == betaKl;
  }
}
