package org.ratescope.spec;

import java.util.Optional;
import org.ratescope.spec.text.Checks;

/**
 * The training objective L = -D - betaMi I(x;z) - betaKl KL(q(z)||p(z)) (appendix C.6), maximised.
 * With equal weights it is the paper's Equation 1, -D - beta R.
 *
 * @param betaMi weight of the mutual information, finite and at least 0
 * @param betaKl weight of the marginal KL, finite and at least 0
 */
public record Objective(double betaMi, double betaKl) {
  public Objective {
    betaMi = Checks.nonNegative("betaMi", betaMi);
    betaKl = Checks.nonNegative("betaKl", betaKl);
  }

  /** Mixes all bits: grids of small whole numbers would share few values otherwise. */
  @Override
  public int hashCode() {
    long mixed = Double.doubleToLongBits(betaMi) * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 32) ^ Double.doubleToLongBits(betaKl)) * 0xbf58476d1ce4e5b9L;
    return Long.hashCode(mixed ^ (mixed >>> 29));
  }

  /** The beta-VAE, L_beta = -D - beta R (Equation 1); beta = 1 is the evidence lower bound. */
  public static Objective beta(double beta) {
    return new Objective(Checks.nonNegative("beta", beta), beta);
  }

  /** L_MI = -D - betaMi I(x;z): the marginal KL is free (appendix C.6). */
  public static Objective mutualInformation(double betaMi) {
    return new Objective(Checks.nonNegative("betaMi", betaMi), 0);
  }

  /** L_KL = -D - betaKl KL(q(z)||p(z)): the mutual information is free (appendix C.6). */
  public static Objective marginalKl(double betaKl) {
    return new Objective(0, Checks.nonNegative("betaKl", betaKl));
  }

  /** Whether the closed-form rate is all that is needed, since both weights are equal. */
  public boolean usesClosedFormRate() {
    return betaMi == betaKl;
  }

  /** The paper's name for the kind of objective, and what tables call it. */
  public Family family() {
    if (usesClosedFormRate()) {
      return Family.BETA;
    }
    if (betaKl == 0) {
      return Family.MUTUAL_INFORMATION;
    }
    return betaMi == 0 ? Family.MARGINAL_KL : Family.BOTH;
  }

  /** The number that varies among objectives of one kind; empty where both weights do. */
  public Optional<Double> weight() {
    return switch (family()) {
      case BETA, MARGINAL_KL -> Optional.of(betaKl);
      case MUTUAL_INFORMATION -> Optional.of(betaMi);
      case BOTH -> Optional.empty();
    };
  }

  /** Objectives that differ in one number only. */
  public enum Family {
    /** L_beta, equal weights. */
    BETA("beta", "L_β"),
    /** L_MI, the weight of the marginal KL is 0. */
    MUTUAL_INFORMATION("mi", "L_MI"),
    /** L_KL, the weight of the mutual information is 0. */
    MARGINAL_KL("kl", "L_KL"),
    /** Both weights, and they differ. */
    BOTH("both", "L_MI,KL");

    private final String text;
    private final String label;

    Family(String text, String label) {
      this.text = text;
      this.label = label;
    }

    /** The word in tables. */
    public String text() {
      return text;
    }

    /** The paper's symbol, for people. */
    public String label() {
      return label;
    }
  }
}
