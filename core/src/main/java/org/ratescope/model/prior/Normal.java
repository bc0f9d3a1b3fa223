package org.ratescope.model.prior;

import java.util.List;
import java.util.function.DoubleSupplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.RowAllocator;

/**
 * The standard normal prior N(0, I). Its rate is in closed form, ½ Σ_l mean² + exp(logVar) − 1 −
 * logVar. The methods over arrays compute in float64; the order of their additions is that of
 * earlier versions, whose results stay bit for bit.
 */
public record Normal() implements LatentDistribution, PriorDensity {
  static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  @Override
  public String text() {
    return "normal";
  }

  @Override
  public String displayName() {
    return "Standard normal";
  }

  @Override
  public List<ParameterGroup> parameters(RowAllocator row, int latentSize, int dimensions) {
    return List.of();
  }

  @Override
  public Normal bind(PriorBinding binding) {
    return this;
  }

  @Override
  public Tensor logDensity(Tensor codes) {
    return codes
        .square()
        .sum(2L)
        .add_(new Scalar(codes.size(2) * LOG_TWO_PI))
        .mul_(new Scalar(-0.5));
  }

  @Override
  public void addGradient(Tensor codes, Tensor weight, Tensor codesGradient) {
    codesGradient.sub_(codes.mul(weight));
  }

  @Override
  public void sample(double[] codes, int offset, int latentSize, DoubleSupplier uniform) {
    // the numbers are a sample as they are
  }

  @Override
  public Tensor rate(Latents latents) {
    Tensor mean = latents.mean();
    Tensor logVar = latents.logVar();
    return mean.mul(mean)
        .add_(logVar.exp())
        .sub_(logVar)
        .sub_(new Scalar(1.0))
        .sum(2L)
        .mul_(new Scalar(0.5));
  }

  @Override
  public Tensor marginalKl(Tensor logQ, Latents latents) {
    Tensor logPrior = // E log p(z), without its constant: −½ Σ mean² + exp(logVar)
        latents.mean().square().add_(latents.logVar().exp()).sum(2L).mul_(new Scalar(-0.5));
    Scalar constant = new Scalar(0.5 * latents.mean().size(2) * LOG_TWO_PI);
    return logQ.sub_(logPrior).add_(constant);
  }

  /** In closed form: nothing flows through the codes. */
  @Override
  public void rateGradient(RateWeights weights, Latents latents, Latents gradient) {
    double batch = latents.mean().size(1);
    Scalar half = new Scalar(0.5 / batch);
    torch.mul_out(gradient.mean(), latents.mean(), weights.betaKl().mul(new Scalar(1.0 / batch)));
    Tensor variance = latents.logVar().exp();
    torch.mul_out(gradient.logVar(), variance.sub(new Scalar(1.0)), weights.betaMi().mul(half));
    if (!weights.areEqual()) {
      gradient.logVar().add_(variance.mul_(weights.difference().mul(half)));
    }
  }

  @Override
  public double[] logDensities(Tensor like, double[] codes) {
    int latentSize = Math.toIntExact(like.size(like.dim() - 1));
    double[] logDensities = new double[codes.length / latentSize];
    for (int i = 0; i < logDensities.length; i++) {
      double sum = latentSize * LOG_TWO_PI;
      for (int l = 0; l < latentSize; l++) {
        double z = codes[i * latentSize + l];
        sum += z * z;
      }
      logDensities[i] = -0.5 * sum;
    }
    return logDensities;
  }

  @Override
  public double[] logDensityGradients(Tensor like, double[] codes) {
    double[] gradients = new double[codes.length];
    for (int i = 0; i < codes.length; i++) {
      gradients[i] = -codes[i];
    }
    return gradients;
  }

  @Override
  public double[] energies(Tensor like, double[] codes, double[] momenta) {
    int latentSize = Math.toIntExact(like.size(like.dim() - 1));
    double[] energies = new double[codes.length / latentSize];
    for (int i = 0; i < codes.length; i++) {
      energies[i / latentSize] += 0.5 * (codes[i] * codes[i] + momenta[i] * momenta[i]);
    }
    return energies;
  }
}
