package org.ratescope.statistic;

/**
 * Student's t distribution with a whole number of degrees of freedom ν.
 *
 * <p>P(T > t) = I_x(ν/2, 1/2) / 2 with x = ν / (ν + t²) for t ≥ 0, where I is the regularised
 * incomplete beta function. For whole ν it is a finite sum (Abramowitz and Stegun 1964, 26.7.3 and
 * 26.7.4), exact to rounding.
 *
 * @param freedom degrees of freedom, at least 1
 */
public record StudentT(int freedom) {
  public StudentT {
    if (freedom < 1) {
      throw new IllegalArgumentException("freedom must be at least 1; got " + freedom);
    }
  }

  /** P(T > t); 0 for plus infinity, NaN for NaN. */
  public double above(double t) {
    if (t < 0) {
      return 1 - above(-t);
    }
    return Math.max(0, (1 - within(t)) / 2);
  }

  /** A(t|ν) = P(|T| ≤ t) for t ≥ 0. */
  private double within(double t) {
    double theta = Math.atan(t / Math.sqrt(freedom));
    double cosine = Math.cos(theta);
    boolean odd = freedom % 2 == 1;
    double term = odd ? cosine : 1;
    double sum = freedom == 1 ? 0 : term;
    for (int k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
      term *= cosine * cosine * (k - 1) / k;
      sum += term;
    }
    double sine = Math.sin(theta);
    return odd ? (theta + sine * sum) * 2 / Math.PI : sine * sum;
  }

  /**
   * The t that T exceeds with that probability, by bisection.
   *
   * @param probability above 0, at most 1/2
   */
  public double exceededWith(double probability) {
    if (!(probability > 0 && probability <= 0.5)) {
      throw new IllegalArgumentException(
          "probability must be above 0 and at most 0.5; got " + probability);
    }
    double low = 0;
    double high = 1;
    while (above(high) > probability && high < 1e15) {
      low = high;
      high *= 2;
    }
    for (int i = 0; i < 200 && low < high; i++) {
      double middle = (low + high) / 2;
      if (above(middle) > probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
