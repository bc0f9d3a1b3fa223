package org.ratescope.model.prior;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.tensor.Tensors;

/**
 * The priors p(z) of K runs. A prior needs the first three methods; the rate is then estimated with
 * the code that the step has drawn, the entropy of the posterior being in closed form. A prior that
 * knows more in closed form replaces the others. All values are in nats.
 *
 * <p>The methods over arrays are those of evaluation: they are for one run, K = 1.
 */
public interface PriorDensity {

  /**
   * Computes what depends on the parameters and the images alone. The encoder calls it after each
   * of its passes; a prior whose parameters are fixed computes it once, when it is first asked.
   */
  default void prepare() {}

  /** log p(z) of each code. [K, B, L] → [K, B] */
  Tensor logDensity(Tensor codes);

  /**
   * Adds weight · d Σ_i log p(z_i) / d z to {@code codesGradient}, and writes the gradients of
   * weight · Σ_i log p(z_i) with respect to the prior's parameters to where it was bound, if it
   * was.
   *
   * @param weight for each run [K, 1, 1]
   * @param codesGradient [K, B, L]
   */
  void addGradient(Tensor codes, Tensor weight, Tensor codesGradient);

  /**
   * Adds the gradients of the encoder's parameters that {@link #addGradient} found, should the
   * prior be made of the encoder. The encoder's own backward pass writes over what was there, so
   * this comes after it.
   */
  default void addEncoderGradient() {}

  /**
   * Turns standard normal numbers in place into a code drawn from the prior.
   *
   * @param codes the L numbers from {@code offset} on
   * @param uniform one uniform number in (0, 1), should it be needed
   */
  void sample(double[] codes, int offset, int latentSize, DoubleSupplier uniform);

  /** The rate of each example: KL(q(z|x) ‖ p(z)), or an estimate of it. [K, B] */
  default Tensor rate(Latents latents) {
    Tensor entropy = // ½ Σ_l 1 + log 2π + logVar
        latents.logVar().add(new Scalar(1 + Math.log(2 * Math.PI))).sum(2L).mul_(new Scalar(0.5));
    return logDensity(latents.codes()).add_(entropy).neg_();
  }

  /** log q(z) − E log p(z) of each example, written over log q(z). [K, B] */
  default Tensor marginalKl(Tensor logQ, Latents latents) {
    return logQ.sub_(logDensity(latents.codes()));
  }

  /**
   * Writes the gradient of the batch mean of −betaMi H(q(z|x)) − betaKl E log p(z), which is that
   * of betaMi R + (betaKl − betaMi) (log q(z) − E log p(z)) without log q(z).
   *
   * @param gradient mean and logVar are written over; what flows through the codes is added
   */
  default void rateGradient(RateWeights weights, Latents latents, Latents gradient) {
    double batch = latents.mean().size(1);
    gradient.mean().zero_();
    gradient.logVar().zero_().sub_(weights.betaMi().mul(new Scalar(0.5 / batch)));
    addGradient(latents.codes(), weights.betaKl().mul(new Scalar(-1 / batch)), gradient.codes());
  }

  /**
   * log p(z) of each code. [M]
   *
   * @param like a tensor of the prior's type, where it is, with L values in its last axis
   * @param codes [M, L]
   */
  default double[] logDensities(Tensor like, double[] codes) {
    try (PointerScope scope = new PointerScope()) {
      return Tensors.doubles(logDensity(codes(like, codes)));
    }
  }

  /** d log p(z) / d z of each code. [M, L] */
  default double[] logDensityGradients(Tensor like, double[] codes) {
    try (PointerScope scope = new PointerScope()) {
      Tensor z = codes(like, codes);
      Tensor gradient = torch.zeros_like(z);
      addGradient(z, Tensors.tensor(like, new double[] {1}, 1, 1, 1), gradient);
      return Tensors.doubles(gradient);
    }
  }

  private static Tensor codes(Tensor like, double[] codes) {
    long latentSize = like.size(like.dim() - 1);
    return Tensors.tensor(like, codes, 1, codes.length / latentSize, latentSize);
  }

  /**
   * −log p(z) + ½‖momentum‖² of each code, up to a constant. [M]
   *
   * @param momenta [M, L]
   */
  default double[] energies(Tensor like, double[] codes, double[] momenta) {
    double[] energies = logDensities(like, codes);
    Arrays.setAll(energies, i -> -energies[i]);
    int latentSize = codes.length / energies.length;
    for (int i = 0; i < momenta.length; i++) {
      energies[i / latentSize] += 0.5 * momenta[i] * momenta[i];
    }
    return energies;
  }
}
