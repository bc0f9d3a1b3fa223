package org.ratescope.estimate.gap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.AnnealedChains;
import org.ratescope.estimate.AnnealedImportance;
import org.ratescope.estimate.Cost;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.LogWeights;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.model.Vae;
import org.ratescope.results.Estimate;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;

/**
 * The rate–distortion curve of the prior and the decoder, without the encoder (Huang, Makhzani, Cao
 * and Grosse 2020): min over q of KL(q(z|x) ‖ p(z)) + t E_q[−log p(x|z)] for t from 0 to 10, by
 * annealed importance sampling from p(z) to p(z) p(x|z)^t. One run of the chains gives all points:
 * with the chains' weights w at t, D(t) = Σ w D / Σ w, R(t) = −log mean w − t D(t). In nats per
 * example; t = 1/β is where a perfect encoder with weight β would be. At t = 0 the rate is 0 and D
 * is that of the prior's codes.
 *
 * <p>R(t) + t D(t) is an upper bound in expectation, as −log mean w is. {@code simulatedGap} says
 * how far it can be off at t = 1: for images drawn from the model, whose codes are known, chains
 * backwards from those codes bound log p(x) from above and chains forwards from below; it is the
 * difference. It belongs to the model: records list it under the training set.
 *
 * <p>{@code rate.encoder} and {@code distortion.encoder} are the encoder's point for the same
 * images.
 */
public final class RdFrontier implements ReportingEstimator {
  private static final String NAME = "rdFrontier";
  private static final String SIMULATED = NAME + ".simulated";

  /** The points of the curve; each is a temperature of the chains. */
  private static final double[] POINTS = {0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};

  /** Chains that move together. */
  private static final int TOGETHER = 256;

  /** Codes of each image for the encoder's point. */
  private static final int CODES = 256;

  private final int images;
  private final int chains;
  private final int temperatures;
  private final int leapfrogs;

  /** {@code rdFrontier}: 8 images, 16 chains, 200 temperatures up to 1, 5 leapfrog steps. */
  public RdFrontier() {
    this(8, 16, 200, 5);
  }

  /**
   * With other settings, each at least 1.
   *
   * @param temperatures temperatures from 0 to 1; half as many follow up to 10
   */
  RdFrontier(int images, int chains, int temperatures, int leapfrogs) {
    this.images = images;
    this.chains = chains;
    this.temperatures = temperatures;
    this.leapfrogs = leapfrogs;
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  /**
   * A pilot run and a run; for simulated images a pilot run and two runs, in the training set only.
   * Each gradient is a pass of the decoder and two back.
   */
  @Override
  public Cost cost(Cost.Scale scale) {
    double gradients = 1.5 * chains * leapfrogs;
    double real = 2.0 * schedule(temperatures).length * Math.min(scale.examples(), images);
    double simulated = 3.0 * temperatures * images / 2;
    return Cost.passes(gradients * (real + simulated));
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed, BuildListener listener) {
    Examples examples = data.examples(subset, images);
    String settings =
        "%s chains, %s temperatures, %s leapfrog steps"
            .formatted(chains, schedule(temperatures).length - 1, leapfrogs);
    List<Estimate> found = new ArrayList<>();
    Curve curve = curve(model, examples, seed, listener);
    for (int p = 0; p < POINTS.length; p++) {
      String point = text(POINTS[p]);
      found.add(MeanEstimate.of(curve.rate[p]).estimate(NAME + ".rate." + point, subset));
      found.add(
          MeanEstimate.of(curve.distortion[p]).estimate(NAME + ".distortion." + point, subset));
    }
    PosteriorTerms encoder =
        PosteriorTerms.of(
            model,
            examples,
            model.posteriors(examples),
            CODES,
            n -> RunRandom.named(seed, NAME + ".encoder", examples.row(n)));
    found.add(MeanEstimate.of(encoder.rate()).estimate(NAME + ".rate.encoder", subset));
    found.add(MeanEstimate.of(encoder.distortion()).estimate(NAME + ".distortion.encoder", subset));
    if (subset == Subset.TRAIN) {
      listener.built("simulated images", examples.size(), examples.size());
      found.add(
          MeanEstimate.of(simulatedGap(model, seed)).estimate(NAME + ".simulatedGap", subset));
    }
    return found.stream().map(estimate -> estimate.settings(settings)).toList();
  }

  /** 0.05 and 10, as in names. */
  private static String text(double point) {
    return String.format(
        Locale.ROOT, "%s", point == Math.rint(point) ? (Object) (int) point : point);
  }

  /** Rate and distortion of each image at each point. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  private record Curve(double[][] rate, double[][] distortion) {}

  /**
   * Those of annealed importance sampling up to 1, half as many in equal ratios from there to 10,
   * and the points of the curve.
   */
  private static double[] schedule(int count) {
    TreeSet<Double> all = new TreeSet<>();
    DoubleStream.of(AnnealedImportance.schedule(count)).forEach(all::add);
    int beyond = Math.max(1, count / 2);
    for (int i = 1; i <= beyond; i++) {
      all.add(Math.min(10, Math.pow(10, (double) i / beyond)));
    }
    DoubleStream.of(POINTS).forEach(all::add);
    return all.stream().mapToDouble(t -> t).toArray();
  }

  private Curve curve(TrainedModel model, Examples examples, long seed, BuildListener listener) {
    double[] schedule = schedule(temperatures);
    int size = examples.size();
    Curve curve = new Curve(new double[POINTS.length][size], new double[POINTS.length][size]);
    int together = Math.max(1, TOGETHER / chains);
    for (int from = 0; from < size; from += together) {
      int first = from;
      int count = Math.min(together, size - first);
      listener.built("annealed chains", first, size);
      try (PointerScope scope = new PointerScope()) {
        Vae vae = Vae.forCodes(model.parameters(), count * chains, model.vae().likelihood());
        int[] owners = new int[count * chains];
        Arrays.setAll(owners, i -> first + i / chains);
        examples.load(owners, vae.images());
        AnnealedChains state = new AnnealedChains(vae, schedule, leapfrogs, chains);
        double[][] steps = state.findSteps(t -> random(seed, NAME, first, 0, t));
        double[] unused =
            state.logWeights(
                steps,
                t -> random(seed, NAME, first, 1, t),
                (t, logWeights, distortion) -> {
                  int point = Arrays.binarySearch(POINTS, schedule[t]);
                  for (int i = 0; i < count && point >= 0; i++) {
                    double[] weights = of(i, logWeights);
                    double d = weighted(weights, of(i, distortion));
                    curve.distortion[point][first + i] = d;
                    curve.rate[point][first + i] = -logMean(weights) - schedule[t] * d;
                  }
                });
      }
    }
    return curve;
  }

  /** The values of an image's chains. */
  private double[] of(int image, double[] values) {
    return Arrays.copyOfRange(values, image * chains, (image + 1) * chains);
  }

  private RunRandom random(long seed, String name, long first, int pass, int temperature) {
    return RunRandom.named(seed, name, (first * 3 + pass) * 100_000 + temperature);
  }

  private static double logMean(double[] logWeights) {
    LogWeights sum = new LogWeights();
    Arrays.stream(logWeights).forEach(sum::add);
    return sum.logMean();
  }

  /** Σ w D / Σ w. */
  private static double weighted(double[] logWeights, double[] values) {
    double largest = Arrays.stream(logWeights).max().orElseThrow();
    double sum = 0;
    double total = 0;
    for (int i = 0; i < values.length; i++) {
      double w = Math.exp(logWeights[i] - largest);
      sum += w * values[i];
      total += w;
    }
    return sum / total;
  }

  /** Upper less lower bound of log p(x) for images drawn from the model. */
  private double[] simulatedGap(TrainedModel model, long seed) {
    double[] gaps = new double[images];
    int together = Math.max(1, TOGETHER / chains);
    for (int from = 0; from < images; from += together) {
      int first = from;
      int count = Math.min(together, images - first);
      try (PointerScope scope = new PointerScope()) {
        Vae vae = Vae.forCodes(model.parameters(), count * chains, model.vae().likelihood());
        double[] codes = PriorSamples.of(model, SIMULATED, seed, first, count);
        int latent = model.latentSize();
        double[] start = new double[chains * codes.length];
        Arrays.setAll(start, i -> codes[i / latent / chains * latent + i % latent]);
        PriorSamples.writeImages(
            vae,
            start,
            chains,
            i -> RunRandom.named(seed, SIMULATED + ".pixels", first + (long) i));
        AnnealedChains state =
            new AnnealedChains(vae, AnnealedImportance.schedule(temperatures), leapfrogs, chains);
        double[][] steps = state.findSteps(t -> random(seed, SIMULATED, first, 0, t));
        double[] forward = state.logWeights(steps, t -> random(seed, SIMULATED, first, 1, t));
        double[] back =
            state.reverseLogWeights(start, steps, t -> random(seed, SIMULATED, first, 2, t));
        for (int i = 0; i < count; i++) {
          double[] inverse = Arrays.stream(of(i, back)).map(w -> -w).toArray();
          gaps[first + i] = -logMean(inverse) - logMean(of(i, forward));
        }
      }
    }
    return gaps;
  }
}
