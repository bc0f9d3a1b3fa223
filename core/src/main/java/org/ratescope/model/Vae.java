package org.ratescope.model;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.Binding;
import org.ratescope.model.layer.Binding.Backward;
import org.ratescope.model.layer.Network;
import org.ratescope.model.likelihood.PixelDistribution;
import org.ratescope.model.prior.Latents;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.spec.Likelihood;
import org.ratescope.tensor.Tensors;

/**
 * K variational autoencoders of one shape, and the buffers for batches of one size. q(z|x) =
 * N(mean, diag exp(logVar)); the layout gives the layers and the prior p(z). All tensors returned
 * are the buffers themselves: the next call overwrites them. They belong to the scope that was open
 * when this was made.
 */
public final class Vae {
  private final Tensor images; // [K, B, D]
  private final Tensor noise; // [K, B, L]
  private final Network encoder;
  private final Network decoder;
  private final Latents latents; // mean and logVar are views of the encoder's output
  private final PriorDensity prior;
  private final PixelDistribution likelihood;
  private final int batch;
  private final @Nullable Tensor codesGradient; // [K, B, L]
  private final @Nullable Latents gradient; // only where the parameters are trained

  private Vae(
      Parameters parameters,
      Backward backward,
      @Nullable Parameters gradients,
      int batch,
      Likelihood likelihood,
      boolean skipsZeros) {
    this.likelihood = PixelDistribution.of(likelihood);
    this.batch = batch;
    ParameterLayout layout = parameters.layout();
    Tensor rows = parameters.rows();
    Tensor into = gradients == null ? null : gradients.rows();
    long k = rows.size(0);
    int latentSize = layout.latentSize();
    images = Tensors.zeros(rows, k, batch, layout.dimensions());
    noise = Tensors.zeros(rows, k, batch, latentSize);
    Tensor codes = Tensors.zeros(rows, k, batch, latentSize);
    boolean trains = backward == Backward.PARAMETERS;
    Backward encoderBackward = trains ? backward : Backward.NONE;
    encoder =
        new Network(
            layout.encoderGraph(),
            new Binding(rows, into, encoderBackward, skipsZeros, List.of(images)));
    decoder =
        new Network(
            layout.decoderGraph(), new Binding(rows, into, backward, false, List.of(codes)));
    latents = latents(encoder.output(), codes);
    prior = layout.bindPrior(parameters, gradients, images);
    codesGradient = backward == Backward.NONE ? null : Tensors.zeros(rows, k, batch, latentSize);
    gradient =
        trains && codesGradient != null ? latents(encoder.outputGradient(), codesGradient) : null;
  }

  /** Mean and log variance stand side by side. heads [K, B, 2 L] */
  private static Latents latents(Tensor heads, Tensor codes) {
    long latentSize = codes.size(2);
    return new Latents(
        heads.narrow(2, 0, latentSize), heads.narrow(2, latentSize, latentSize), codes);
  }

  /** Models that are evaluated only. */
  public static Vae forEvaluation(Parameters parameters, int batch, Likelihood likelihood) {
    return new Vae(parameters, Backward.NONE, null, batch, likelihood, false);
  }

  /** Models of which {@link #codesGradient} is asked, their parameters being fixed. */
  public static Vae forCodes(Parameters parameters, int batch, Likelihood likelihood) {
    return new Vae(parameters, Backward.INPUT, null, batch, likelihood, false);
  }

  /** Models whose gradients {@link #backward} writes to {@code gradients}. */
  public static Vae forTraining(
      Parameters parameters, Parameters gradients, int batch, Likelihood likelihood) {
    return new Vae(parameters, Backward.PARAMETERS, gradients, batch, likelihood, true);
  }

  /** Like {@link #forTraining}, but without the sparse first layer: products have zeros too. */
  public static Vae forPlainTraining(
      Parameters parameters, Parameters gradients, int batch, Likelihood likelihood) {
    return new Vae(parameters, Backward.PARAMETERS, gradients, batch, likelihood, false);
  }

  /** The decoder's distribution. */
  public Likelihood likelihood() {
    return likelihood;
  }

  /** The distribution p(z) of the codes. */
  public PriorDensity prior() {
    return prior;
  }

  /** Where the caller writes the images. [K, B, D] */
  public Tensor images() {
    return images;
  }

  /** Where the caller writes standard normal noise. [K, B, L] */
  public Tensor noise() {
    return noise;
  }

  /** Posterior means. [K, B, L] */
  public Tensor mean() {
    return latents.mean();
  }

  /** Posterior log variances. [K, B, L] */
  public Tensor logVar() {
    return latents.logVar();
  }

  /**
   * Latent codes, which {@link #sample} writes; a caller may write its own before {@link #decode}.
   * [K, B, L]
   */
  public Tensor codes() {
    return latents.codes();
  }

  /** The decoder's output: logits of the Bernoulli likelihood, the Gaussian's mean. [K, B, D] */
  public Tensor logits() {
    return decoder.output();
  }

  /** Computes mean and log variance of the images. */
  public void encode() {
    encoder.forward();
    prior.prepare();
  }

  /** Draws the codes: mean + exp(logVar / 2) · noise. */
  public void sample() {
    try (PointerScope scope = new PointerScope()) {
      torch.exp_out(codes(), logVar().mul(new Scalar(0.5))).mul_(noise).add_(mean());
    }
  }

  /** Computes the logits of the codes. */
  public void decode() {
    decoder.forward();
  }

  /** Encodes, samples, decodes. */
  public void forward() {
    encode();
    sample();
    decode();
  }

  /** The decoder's mean E[x|z] at the current codes, in fresh memory. [K, B, D] */
  public Tensor decoderMean() {
    return likelihood.mean(logits());
  }

  /** Distortion of each example in nats at the current codes. [K, B] */
  public Tensor distortion() {
    return likelihood.distortion(logits(), images);
  }

  /**
   * The gradient of each example's distortion with respect to its code, after {@link #decode}: the
   * buffer itself. [K, B, L]
   */
  public Tensor codesGradient() {
    if (codesGradient == null) {
      throw new IllegalStateException("this model was made without gradients");
    }
    likelihood.gradient(logits(), images, decoder.outputGradient());
    decoder.backward(codesGradient);
    return codesGradient;
  }

  /**
   * Rate of each example in nats, after {@link #encode}; for a prior whose rate is not in closed
   * form, at the codes of {@link #sample}. [K, B]
   */
  public Tensor rate() {
    return prior.rate(latents);
  }

  /**
   * One number for each run that is finite exactly when the run's rates and logits all are, and so
   * its loss. It costs two sums, not the loss. [K]
   */
  public double[] finiteness() {
    try (PointerScope scope = new PointerScope()) {
      return Tensors.doubles(finite());
    }
  }

  /** The same where the model is. [K] */
  public Tensor finite() {
    Tensor logitSum = logits().sum(1L, 2L).mul_(new Scalar(0.0));
    return rate().sum(1L).add_(logitSum);
  }

  /**
   * The batch mean of the loss that {@link #backward} has the gradient of, D + betaMi R + (betaKl −
   * betaMi) (log q(z) − log p(z)), in nats: the negative objective of appendix C.6. With equal
   * weights the last term is left out. [K]
   */
  public Tensor loss(ObjectiveWeights weights) {
    Tensor loss = distortion().add_(rate().mul_(weights.rate().betaMi().squeeze(2)));
    if (weights.marginal() != null) {
      Tensor marginalKl = prior.marginalKl(weights.marginal().logDensity(), latents);
      loss.add_(marginalKl.mul_(weights.rate().difference().squeeze(2)));
    }
    return loss.mean(1L);
  }

  /** Gradients of the batch mean of {@link #loss}, by the chain rule in closed form. */
  public void backward(ObjectiveWeights weights) {
    if (gradient == null) {
      throw new IllegalStateException("this model was made without gradients");
    }
    try (PointerScope scope = new PointerScope()) {
      Scalar perExample = new Scalar(1.0 / batch);
      likelihood.gradient(logits(), images, decoder.outputGradient());
      decoder.outputGradient().mul_(perExample);
      decoder.backward(gradient.codes());
      prior.rateGradient(weights.rate(), latents, gradient);
      if (weights.marginal() != null) {
        weights
            .marginal()
            .addGradient(
                weights.rate().difference().mul(perExample),
                gradient.codes(),
                gradient.mean(),
                gradient.logVar());
      }
      gradient.mean().add_(gradient.codes());
      Tensor deviation = codes().sub(mean()); // exp(logVar / 2) · noise
      gradient.logVar().add_(deviation.mul_(gradient.codes()).mul_(new Scalar(0.5)));
      encoder.backward(null);
      prior.addEncoderGradient();
    }
  }
}
