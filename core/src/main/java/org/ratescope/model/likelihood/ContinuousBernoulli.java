package org.ratescope.model.likelihood;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.spec.RunRandom;

/**
 * The continuous Bernoulli likelihood of pixels in [0, 1] (Loaiza-Ganem and Cunningham 2019) from
 * logits l: −log p(x|z) = Σ_j softplus(l_j) − x_j l_j − log C(l_j). With λ = sigmoid(l) the paper's
 * normaliser C(λ) = 2 artanh(1 − 2λ) / (1 − 2λ), continued by 2 at λ = ½, is l / tanh(l/2): of l
 * alone, even, and without cancellation where l is not near 0. Near 0 a Taylor series takes over. A
 * black or a white pixel has any density, so the distortion has no lower bound.
 */
public record ContinuousBernoulli() implements PixelDistribution {
  /** Below this |l| the series' next term is under 1e-9 of the value in float64. */
  private static final double SERIES_BELOW = 0.1;

  @Override
  public String text() {
    return "continuous-bernoulli";
  }

  @Override
  public String displayName() {
    return "Continuous Bernoulli";
  }

  @Override
  public boolean hasPositiveDistortion() {
    return false;
  }

  @Override
  public Tensor distortion(Tensor logits, Tensor x) {
    return Bernoulli.crossEntropy(logits, x).sub_(logNormaliser(logits).sum(2L));
  }

  /** mean(logits) − x. */
  @Override
  public void gradient(Tensor logits, Tensor x, Tensor into) {
    torch.sub_out(into, mean(logits), x);
  }

  /** log C = log(l / tanh(l/2)) ≈ log 2 + l²/12 − 7 l⁴/1440 + 31 l⁶/90720. */
  private static Tensor logNormaliser(Tensor l) {
    Tensor square = l.square();
    Tensor series =
        square
            .mul(new Scalar(31.0 / 90720))
            .sub_(new Scalar(7.0 / 1440))
            .mul_(square)
            .add_(new Scalar(1.0 / 12))
            .mul_(square)
            .add_(new Scalar(Math.log(2)));
    Tensor size = awayFromZero(l.abs());
    Tensor exact = size.div(size.mul(new Scalar(0.5)).tanh_()).log_();
    return torch.where(nearZero(l), series, exact);
  }

  /** sigmoid(l) − 1/l + 1/sinh(l) = 1/(1 − exp(−l)) − 1/l ≈ ½ + l/12 − l³/720 + l⁵/30240. */
  @Override
  public Tensor mean(Tensor l) {
    Tensor square = l.square();
    Tensor series =
        square
            .mul(new Scalar(1.0 / 30240))
            .sub_(new Scalar(1.0 / 720))
            .mul_(square)
            .add_(new Scalar(1.0 / 12))
            .mul_(l)
            .add_(new Scalar(0.5));
    Tensor away = torch.where(nearZero(l), torch.ones_like(l), l);
    Tensor exact = away.neg().expm1_().neg_().reciprocal_().sub_(away.reciprocal());
    return torch.where(nearZero(l), series, exact);
  }

  private static Tensor nearZero(Tensor l) {
    return l.abs().lt(new Scalar(SERIES_BELOW));
  }

  private static Tensor awayFromZero(Tensor size) {
    return size.clamp_min(new Scalar(SERIES_BELOW));
  }

  /**
   * By inversion: the distribution function is (exp(l x) − 1) / (exp(l) − 1), and x at l is 1 − x
   * at −l.
   */
  @Override
  public double sample(double logit, RunRandom random, long index) {
    double u = random.uniform(index);
    if (Math.abs(logit) < 1e-6) {
      return u;
    }
    return logit < 0 ? inverse(logit, u) : 1 - inverse(-logit, u);
  }

  /** log(1 + u (exp(l) − 1)) / l for l below 0. */
  private static double inverse(double l, double u) {
    return Math.log1p(u * Math.expm1(l)) / l;
  }
}
