package org.ratescope.estimate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.Vae;
import org.ratescope.model.WeightsFile;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.Tensors;

/**
 * One run's model with buffers for evaluating {@link #BATCH} examples at a time. It belongs to the
 * scope that was open when it was made, and to one thread.
 */
public final class TrainedModel {
  /** Examples evaluated together. */
  public static final int BATCH = 512;

  private final Parameters parameters;
  private final Vae vae;
  private final Map<Examples, Posteriors> posteriors = new HashMap<>();
  private final Supplier<Optional<FoldModels>> folds;

  private TrainedModel(Parameters parameters, Vae vae, Supplier<Optional<FoldModels>> folds) {
    this.parameters = parameters;
    this.vae = vae;
    this.folds = folds;
  }

  /** The model of run {@code k}; the weights are shared, not copied. */
  public static TrainedModel of(Parameters parameters, int k, Likelihood likelihood) {
    Parameters run = parameters.range(k, 1);
    return new TrainedModel(run, Vae.forEvaluation(run, BATCH, likelihood), Optional::empty);
  }

  /**
   * The model of a run, from its weights.
   *
   * @throws IOException if the file is missing, damaged, or of another run
   */
  public static TrainedModel read(Path weights, RunSpec run, Device device) throws IOException {
    Parameters parameters =
        Parameters.zeros(ParameterLayout.of(run), run.training().precision(), 1, device);
    WeightsFile.read(weights, run, parameters, 0);
    return of(parameters, 0, run.likelihood());
  }

  /** The same model, one of those that leave a fold of a training set out. */
  public TrainedModel withFolds(Supplier<Optional<FoldModels>> all) {
    return new TrainedModel(parameters, vae, all);
  }

  /** The models of all folds, if this is one of them, and all of them have been trained. */
  public Optional<FoldModels> folds() {
    return folds.get();
  }

  /** The weights, K = 1. */
  public Parameters parameters() {
    return parameters;
  }

  /** The model's equations and buffers, with K = 1 and B = {@link #BATCH}. */
  public Vae vae() {
    return vae;
  }

  /** Where the model is, and is evaluated. */
  public Device device() {
    return Device.of(parameters.rows());
  }

  /** log p(z) in nats of each code. [M, L] → [M] */
  public double[] logPrior(double[] codes) {
    return vae.prior().logDensities(vae.codes(), codes);
  }

  /** L, values of a code. */
  public int latentSize() {
    return parameters.layout().latentSize();
  }

  /** The posteriors q(z|x) of those examples. Encoded once and kept as long as this model. */
  public Posteriors posteriors(Examples examples) {
    return posteriors.computeIfAbsent(examples, this::encode);
  }

  private Posteriors encode(Examples examples) {
    int latent = latentSize();
    requireMemory(examples.size(), latent, Runtime.getRuntime().maxMemory());
    double[] mean = new double[examples.size() * latent];
    double[] logVar = new double[mean.length];
    for (int first = 0; first < examples.size(); first += BATCH) {
      try (PointerScope scope = new PointerScope()) {
        int count = examples.load(first, vae.images());
        vae.encode();
        System.arraycopy(Tensors.doubles(vae.mean()), 0, mean, first * latent, count * latent);
        System.arraycopy(Tensors.doubles(vae.logVar()), 0, logVar, first * latent, count * latent);
      }
    }
    return new Posteriors(latent, mean, logVar);
  }

  /**
   * Checks that posteriors and the mixture made from them fit: 5 float64 values for each example
   * and dimension, and no array longer than Java allows.
   */
  static void requireMemory(int examples, int latent, long heap) {
    long values = (long) examples * latent;
    long bytes = 5 * Double.BYTES * values;
    if (!(values < Integer.MAX_VALUE && bytes <= heap)) {
      throw new IllegalArgumentException(
          "a mixture of %d posteriors with %d latent values needs %d MiB of Java memory, there are %d"
              .formatted(examples, latent, bytes >> 20, heap >> 20));
    }
  }

  /** The decoder's mean at the posterior's mean for one image. [D] */
  public float[] reconstruct(Examples examples, int example) {
    try (PointerScope scope = new PointerScope()) {
      examples.load(example, vae.images());
      vae.encode();
      vae.codes().copy_(vae.mean());
      vae.decode();
      return Tensors.floats(vae.decoderMean().select(0, 0).select(0, 0));
    }
  }
}
