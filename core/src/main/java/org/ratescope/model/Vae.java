package org.ratescope.model;

import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.Dense;
import org.ratescope.model.layer.LayerSpec;
import org.ratescope.model.layer.Network;
import org.ratescope.model.layer.ParameterLayout;
import org.ratescope.model.layer.Parameters;
import org.ratescope.model.layer.SparseInput;
import org.ratescope.model.likelihood.Bernoulli;
import org.ratescope.model.likelihood.ContinuousBernoulli;
import org.ratescope.model.likelihood.Gaussian;
import org.ratescope.spec.Likelihood;
import org.ratescope.tensor.Tensors;

/**
 * K variational autoencoders of one shape, and the buffers for batches of one size. q(z|x) =
 * N(mean, diag exp(logVar)), p(z) = N(0, I). All tensors returned are the buffers themselves: the
 * next call overwrites them. They belong to the scope that was open when this was made.
 */
public final class Vae {
  private final Tensor images; // [K, B, D]
  private final Tensor noise; // [K, B, L]
  private final Tensor codes; // [K, B, L]
  private final Network encoder;
  private final Network decoder;
  private final Tensor mean; // [K, B, L], a view of the encoder's output
  private final Tensor logVar; // [K, B, L], likewise
  private final int latentSize;
  private final int batch;
  private final Likelihood likelihood;
  private final boolean trains;
  private final @Nullable Tensor codesGradient; // [K, B, L]

  private Vae(
      Parameters parameters,
      Dense.Backward backward,
      @Nullable Parameters gradients,
      int batch,
      Likelihood likelihood,
      boolean skipsZeros) {
    this.likelihood = likelihood;
    this.trains = backward == Dense.Backward.PARAMETERS;
    ParameterLayout layout = parameters.layout();
    long k = parameters.rows().size(0);
    this.batch = batch;
    latentSize = layout.latentSize();
    images = Tensors.zeros(parameters.rows(), k, batch, layout.dimensions());
    noise = Tensors.zeros(parameters.rows(), k, batch, latentSize);
    codes = Tensors.zeros(parameters.rows(), k, batch, latentSize);
    Dense.Backward encoderBackward = trains ? backward : Dense.Backward.NONE;
    SparseInput sparse = skipsZeros ? new SparseInput(images) : null;
    encoder = new Network(layout.encoder(), parameters, encoderBackward, gradients, images, sparse);
    decoder = new Network(layout.decoder(), parameters, backward, gradients, codes, null);
    mean = encoder.output().narrow(2, 0, latentSize);
    logVar = encoder.output().narrow(2, latentSize, latentSize);
    codesGradient =
        backward == Dense.Backward.NONE
            ? null
            : Tensors.zeros(parameters.rows(), k, batch, latentSize);
  }

  /** Models that are evaluated only. */
  public static Vae forEvaluation(Parameters parameters, int batch, Likelihood likelihood) {
    return new Vae(parameters, Dense.Backward.NONE, null, batch, likelihood, false);
  }

  /** Models of which {@link #codesGradient} is asked, their parameters being fixed. */
  public static Vae forCodes(Parameters parameters, int batch, Likelihood likelihood) {
    return new Vae(parameters, Dense.Backward.INPUT, null, batch, likelihood, false);
  }

  /** Models whose gradients {@link #backward} writes to {@code gradients}. */
  public static Vae forTraining(
      Parameters parameters, Parameters gradients, int batch, Likelihood likelihood) {
    boolean skipsZeros = // float64 runs are few, and for checking; a GPU multiplies faster than it
        // looks
        parameters.layout().encoder().getFirst() instanceof LayerSpec.Affine
            && parameters.rows().is_cpu()
            && Tensors.type(parameters.rows()) == ScalarType.Float;
    return new Vae(parameters, Dense.Backward.PARAMETERS, gradients, batch, likelihood, skipsZeros);
  }

  /** The same with all products in full, whatever the images: what the other is checked against. */
  public static Vae forPlainTraining(
      Parameters parameters, Parameters gradients, int batch, Likelihood likelihood) {
    return new Vae(parameters, Dense.Backward.PARAMETERS, gradients, batch, likelihood, false);
  }

  /** The decoder's distribution. */
  public Likelihood likelihood() {
    return likelihood;
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
    return mean;
  }

  /** Posterior log variances. [K, B, L] */
  public Tensor logVar() {
    return logVar;
  }

  /**
   * Latent codes, which {@link #sample} writes; a caller may write its own before {@link #decode}.
   * [K, B, L]
   */
  public Tensor codes() {
    return codes;
  }

  /** The decoder's output: logits of the Bernoulli likelihood, the Gaussian's mean. [K, B, D] */
  public Tensor logits() {
    return decoder.output();
  }

  /** Computes mean and log variance of the images. */
  public void encode() {
    encoder.forward();
  }

  /** Draws the codes: mean + exp(logVar / 2) · noise. */
  public void sample() {
    try (PointerScope scope = new PointerScope()) {
      torch.exp_out(codes, logVar.mul(new Scalar(0.5))).mul_(noise).add_(mean);
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
    return switch (likelihood) {
      case Likelihood.Bernoulli bernoulli -> torch.sigmoid(logits());
      case Likelihood.ContinuousBernoulli continuous -> ContinuousBernoulli.mean(logits());
      case Likelihood.Gaussian gaussian -> logits().clone();
    };
  }

  /** Distortion of each example in nats at the current codes. [K, B] */
  public Tensor distortion() {
    return switch (likelihood) {
      case Likelihood.Bernoulli bernoulli -> Bernoulli.distortion(logits(), images);
      case Likelihood.ContinuousBernoulli continuous ->
          ContinuousBernoulli.distortion(logits(), images);
      case Likelihood.Gaussian gaussian ->
          Gaussian.distortion(logits(), images, gaussian.variance());
    };
  }

  /** Writes d distortion / d decoder output for each example. */
  private void distortionGradient() {
    switch (likelihood) {
      case Likelihood.Bernoulli bernoulli ->
          Bernoulli.gradient(logits(), images, decoder.outputGradient());
      case Likelihood.ContinuousBernoulli continuous ->
          ContinuousBernoulli.gradient(logits(), images, decoder.outputGradient());
      case Likelihood.Gaussian gaussian ->
          Gaussian.gradient(logits(), images, gaussian.variance(), decoder.outputGradient());
    }
  }

  /**
   * The gradient of each example's distortion with respect to its code, after {@link #decode}: the
   * buffer itself. [K, B, L]
   */
  public Tensor codesGradient() {
    if (codesGradient == null) {
      throw new IllegalStateException("this model was made without gradients");
    }
    distortionGradient();
    decoder.backward(codesGradient);
    return codesGradient;
  }

  /** Rate of each example in nats. [K, B] */
  public Tensor rate() {
    return Rate.of(mean, logVar);
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
   * weights the last term is left out. The expectation of log p(z) over the posterior is in closed
   * form. [K]
   */
  public Tensor loss(ObjectiveWeights weights) {
    Tensor loss = distortion().add_(rate().mul_(weights.betaMi().squeeze(2)));
    if (weights.marginal() != null) {
      Tensor logPrior = // E log p(z), without its constant: −½ Σ mean² + exp(logVar)
          mean.square().add_(logVar.exp()).sum(2L).mul_(new Scalar(-0.5));
      Scalar constant = new Scalar(0.5 * latentSize * Math.log(2 * Math.PI));
      Tensor marginalKl = weights.marginal().logDensity().sub_(logPrior).add_(constant);
      loss.add_(marginalKl.mul_(weights.difference().squeeze(2)));
    }
    return loss.mean(1L);
  }

  /** Gradients of the batch mean of {@link #loss}, by the chain rule in closed form. */
  public void backward(ObjectiveWeights weights) {
    if (codesGradient == null || !trains) {
      throw new IllegalStateException("this model was made without gradients");
    }
    try (PointerScope scope = new PointerScope()) {
      Scalar perExample = new Scalar(1.0 / batch);
      distortionGradient();
      decoder.outputGradient().mul_(perExample);
      decoder.backward(codesGradient);
      Tensor meanGradient = encoder.outputGradient().narrow(2, 0, latentSize);
      Tensor logVarGradient = encoder.outputGradient().narrow(2, latentSize, latentSize);
      regulariserGradient(weights, perExample, meanGradient, logVarGradient);
      meanGradient.add_(codesGradient);
      Tensor deviation = codes.sub(mean); // exp(logVar / 2) · noise
      logVarGradient.add_(deviation.mul_(codesGradient).mul_(new Scalar(0.5)));
      encoder.backward(null);
    }
  }

  /**
   * Writes the gradient of betaMi R + (betaKl − betaMi) (log q(z) − E log p(z)), without what flows
   * through the codes, which is added to their gradient.
   */
  private void regulariserGradient(
      ObjectiveWeights weights, Scalar perExample, Tensor meanGradient, Tensor logVarGradient) {
    torch.mul_out(meanGradient, mean, weights.betaKl().mul(perExample));
    Scalar half = new Scalar(0.5 / batch);
    Tensor variance = logVar.exp();
    torch.mul_out(logVarGradient, variance.sub(new Scalar(1.0)), weights.betaMi().mul(half));
    if (weights.marginal() != null) {
      logVarGradient.add_(variance.mul_(weights.difference().mul(half)));
      weights
          .marginal()
          .addGradient(
              weights.difference().mul(perExample),
              Objects.requireNonNull(codesGradient),
              meanGradient,
              logVarGradient);
    }
  }
}
