package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.LogWeights;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.estimate.posterior.Proposal;
import org.ratescope.model.Vae;
import org.ratescope.results.Estimate;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Tensors;

/**
 * The log marginal likelihood by importance sampling: log p(x) ≈ log 1/S Σ_k p(x|z_k) p(z_k) /
 * r(z_k), z_k ~ r (Burda, Grosse and Salakhutdinov 2016). In nats per example; a lower bound in
 * expectation, which rises with S. The effective sample size beside it tells whether it can be
 * trusted: where a few samples carry all weight, the value is too low and its standard error does
 * not show it.
 *
 * <p>It is expensive, so for some images only. Where a subset has more, their evidence lower bounds
 * are known: the mean is then regressed on them ({@link MeanEstimate#regressed}), so that the
 * choice of images hardly matters.
 *
 * <p>Codes are decoded in batches and their weights added up as they come: memory does not depend
 * on S.
 */
public final class ImportanceSampling implements Estimator {
  /** Below this effective sample size an image's value is counted as doubtful. */
  static final double DOUBTFUL = 10;

  /**
   * On the golden model (beta = 0.1) the mixture's mean rises by 1.1 nats from 500 to 2000 samples
   * and by 0.3 from there to 5000, at 2.5 times the cost; see docs/estimators.md.
   */
  private static final int SAMPLES = 2000;

  private static final int IMAGES = 64;

  private final String name;
  private final Proposal proposal;
  private final int samples;
  private final int images;

  /** {@code logMarginal}: the defensive mixture. */
  public ImportanceSampling() {
    this("logMarginal", Proposal.DEFENSIVE, SAMPLES, IMAGES);
  }

  private ImportanceSampling(String name, Proposal proposal, int samples, int images) {
    this.name = name;
    this.proposal = proposal;
    this.samples = samples;
    this.images = images;
  }

  /** {@code logMarginalQ}: samples from the posterior only, to compare with other work. */
  public static final class PosteriorOnly implements Estimator {
    private final ImportanceSampling sampling =
        of("logMarginalQ", Proposal.POSTERIOR, SAMPLES, IMAGES);

    @Override
    public List<String> names() {
      return sampling.names();
    }

    @Override
    public Cost cost(Cost.Scale scale) {
      return sampling.cost(scale);
    }

    @Override
    public List<Estimate> estimate(
        TrainedModel model, EvaluationData data, Subset subset, long seed) {
      return sampling.estimate(model, data, subset, seed);
    }
  }

  /**
   * An estimator of that name.
   *
   * @param samples S, samples for each image, at least one for each component of the proposal
   * @param images how many images of a subset are used, at least 1
   */
  public static ImportanceSampling of(String name, Proposal proposal, int samples, int images) {
    if (!(samples >= proposal.components() && images >= 1)) {
      throw new IllegalArgumentException(
          "%s needs at least %s samples and 1 image; got %s and %s"
              .formatted(name, proposal.components(), samples, images));
    }
    return new ImportanceSampling(name, proposal, samples, images);
  }

  /** The standard normal number that goes into one value of a sample's code. */
  interface Noise {
    double at(int example, int sample, int dimension);

    /** A uniform number in (0, 1), for priors that need one for a code. */
    default double uniform(int example, int sample) {
      throw new UnsupportedOperationException("this noise is standard normal");
    }
  }

  /** Numbers of a stream for each example. */
  private record RandomNoise(List<RunRandom> random, int latent) implements Noise {
    @Override
    public double at(int example, int sample, int dimension) {
      return random.get(example).normal((long) sample * latent + dimension);
    }

    @Override
    public double uniform(int example, int sample) {
      return random.get(example).uniform(-1L - sample);
    }
  }

  @Override
  public List<String> names() {
    return List.of(name);
  }

  @Override
  public Cost cost(Cost.Scale scale) {
    return Cost.passes(
        0.5 * samples * Math.min(scale.examples(), images) + scale.examples()); // and their elbo
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    Examples examples = data.examples(subset, images);
    Noise noise = noise(model, examples, seed);
    String settings = "S=%s, proposal %s".formatted(samples, proposal.text());
    List<LogWeights> weights = weights(model, examples, noise);
    Examples all = data.examples(subset);
    return all.size() == examples.size()
        ? estimates(name, subset, settings, weights)
        : regressed(settings, weights, model, examples, all, seed);
  }

  /**
   * The importance weights of each example; the log of their mean is log p(x). The same random
   * numbers for every model, so that differences between models have little noise.
   */
  public List<LogWeights> weights(TrainedModel model, Examples examples, long seed) {
    return weights(model, examples, noise(model, examples, seed));
  }

  /** The number of examples whose effective sample size is so small that log p(x) is too low. */
  public static long doubtful(List<LogWeights> weights) {
    return weights.stream().filter(w -> !(w.effectiveSize() >= DOUBTFUL)).count();
  }

  private static Noise noise(TrainedModel model, Examples examples, long seed) {
    List<RunRandom> random = new ArrayList<>();
    for (int n = 0; n < examples.size(); n++) {
      random.add(RunRandom.of(seed, RunRandom.Stream.IMPORTANCE, examples.row(n)));
    }
    return new RandomNoise(random, model.latentSize());
  }

  /** The estimates with the mean regressed on the evidence lower bounds of all examples. */
  private List<Estimate> regressed(
      String settings,
      List<LogWeights> weights,
      TrainedModel model,
      Examples examples,
      Examples all,
      long seed) {
    double[] elbo = Elbo.elbo(model, all, seed);
    double[] known =
        Arrays.stream(all.places(examples)).mapToDouble(place -> elbo[place]).toArray();
    double[] values = weights.stream().mapToDouble(LogWeights::logMean).toArray();
    List<Estimate> estimates = new ArrayList<>(estimates(name, all.subset(), settings, weights));
    String caution = estimates.getFirst().settings().substring(settings.length());
    estimates.set(
        0,
        MeanEstimate.regressed(values, known, MeanEstimate.of(elbo))
            .estimate(name, all.subset())
            .settings(
                "%s, regressed on the elbo of %s images%s"
                    .formatted(settings, all.size(), caution)));
    return estimates;
  }

  /** The mean over images and what tells how good it is. */
  static List<Estimate> estimates(
      String name, Subset subset, String settings, List<LogWeights> weights) {
    double[] values = weights.stream().mapToDouble(LogWeights::logMean).toArray();
    double[] sizes = weights.stream().mapToDouble(LogWeights::effectiveSize).toArray();
    long doubtful = doubtful(weights);
    String caution =
        doubtful == 0
            ? ""
            : "; caution: the effective sample size is below %s for %s of %s images, whose values are too low"
                .formatted((long) DOUBTFUL, doubtful, sizes.length);
    double smallest = Arrays.stream(sizes).min().orElseThrow();
    double share = (double) doubtful / sizes.length;
    return List.of(
        MeanEstimate.of(values).estimate(name, subset).settings(settings + caution),
        MeanEstimate.of(sizes)
            .estimate(name + ".effectiveSamples", subset, "samples")
            .settings(settings),
        new Estimate(
            name + ".smallestEffectiveSamples",
            subset,
            smallest,
            0,
            "samples",
            sizes.length,
            settings),
        new Estimate(
            name + ".doubtful", subset, share, 0, "share of examples", sizes.length, settings));
  }

  /** The importance weights of each example, summed up. */
  List<LogWeights> weights(TrainedModel model, Examples examples, Noise noise) {
    Posteriors posteriors = model.posteriors(examples);
    List<LogWeights> weights = new ArrayList<>();
    for (int n = 0; n < examples.size(); n++) {
      weights.add(new LogWeights());
    }
    long total = (long) examples.size() * samples;
    for (long first = 0; first < total; first += TrainedModel.BATCH) {
      int count = (int) Math.min(TrainedModel.BATCH, total - first);
      double[] logWeights = batch(model, examples, posteriors, noise, first, count);
      for (int i = 0; i < count; i++) {
        weights.get((int) ((first + i) / samples)).add(logWeights[i]);
      }
    }
    return weights;
  }

  /** The log weights of samples {@code first}, … counted over all examples. */
  private double[] batch(
      TrainedModel model,
      Examples examples,
      Posteriors posteriors,
      Noise noise,
      long first,
      int count) {
    Vae vae = model.vae();
    int latent = model.latentSize();
    int[] owners = new int[TrainedModel.BATCH];
    double[] codes = new double[TrainedModel.BATCH * latent];
    double[] logWeights = new double[count];
    for (int i = 0; i < owners.length; i++) {
      long number = first + Math.min(i, count - 1); // the end of the batch repeats the last sample
      int n = (int) (number / samples);
      int sample = (int) (number % samples);
      owners[i] = n;
      for (int l = 0; l < latent; l++) {
        codes[i * latent + l] = noise.at(n, sample, l);
      }
      proposal.draw(posteriors, n, sample, codes, i * latent);
      if (proposal.drawsFromPrior(sample)) {
        vae.prior().sample(codes, i * latent, latent, () -> noise.uniform(n, sample));
      }
    }
    double[] logPrior = model.logPrior(codes);
    for (int i = 0; i < count; i++) {
      logWeights[i] =
          logPrior[i]
              - proposal.logDensity(posteriors, owners[i], samples, codes, i * latent, logPrior[i]);
    }
    try (PointerScope scope = new PointerScope()) {
      examples.load(owners, vae.images());
      Tensors.write(codes, vae.codes());
      vae.decode();
      double[] distortion = Tensors.doubles(vae.distortion());
      for (int i = 0; i < count; i++) {
        logWeights[i] -= distortion[i];
      }
      return logWeights;
    }
  }
}
