package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.LogWeights;
import org.ratescope.model.Vae;
import org.ratescope.results.Estimate;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;

/**
 * The log marginal likelihood by annealed importance sampling (Neal 2001; Wu et al. 2017): chains
 * from the prior to p(z|x), which do not look at the encoder. In nats per example; like {@link
 * ImportanceSampling} a lower bound in expectation, but one that holds where posteriors are far too
 * narrow. Expensive, so for a few images: the check on the other estimates.
 *
 * <p>Temperatures are sigmoid-spaced. Step sizes are found on a pilot run and fixed, so that the
 * weights are unbiased.
 */
public final class AnnealedImportance implements Estimator {
  private static final String NAME = "logMarginalAnnealed";
  private static final double SIGMOID_RANGE = 4;
  private static final int CHAINS_TOGETHER = 256;

  private final int images;
  private final int chains;
  private final int temperatures;
  private final int leapfrogs;

  /** {@code logMarginalAnnealed}: 8 images, 16 chains of 200 moves of 5 leapfrog steps. */
  public AnnealedImportance() {
    this(8, 16, 200, 5);
  }

  private AnnealedImportance(int images, int chains, int temperatures, int leapfrogs) {
    this.images = images;
    this.chains = chains;
    this.temperatures = temperatures;
    this.leapfrogs = leapfrogs;
  }

  /**
   * With other settings, each at least 1.
   *
   * @param images images of a subset that are used
   * @param chains chains for each image
   * @param temperatures moves of each chain
   * @param leapfrogs leapfrog steps of each move
   */
  public static AnnealedImportance of(int images, int chains, int temperatures, int leapfrogs) {
    if (!(images >= 1 && chains >= 1 && temperatures >= 1 && leapfrogs >= 1)) {
      throw new IllegalArgumentException(
          "images, chains, temperatures and leapfrog steps must be at least 1; got %s, %s, %s, %s"
              .formatted(images, chains, temperatures, leapfrogs));
    }
    return new AnnealedImportance(images, chains, temperatures, leapfrogs);
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  /** A pilot run and a run, in which each gradient is a pass of the decoder and two back. */
  @Override
  public Cost cost(Cost.Scale scale) {
    double gradients = (double) chains * temperatures * leapfrogs;
    return Cost.passes(2 * 1.5 * gradients * Math.min(scale.examples(), images));
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    List<LogWeights> weights = weights(model, data.examples(subset, images), seed);
    String settings =
        "%s chains, %s temperatures, %s leapfrog steps".formatted(chains, temperatures, leapfrogs);
    return ImportanceSampling.estimates(NAME, subset, settings, weights).stream()
        .filter(
            e -> !e.name().endsWith(".doubtful")) // a share below 10 of so few chains says little
        .map(e -> e.settings(settings))
        .toList();
  }

  /** The weights of each example's chains, summed up. */
  List<LogWeights> weights(TrainedModel model, Examples examples, long seed) {
    List<LogWeights> weights = new ArrayList<>();
    int together = Math.max(1, CHAINS_TOGETHER / chains);
    for (int first = 0; first < examples.size(); first += together) {
      int count = Math.min(together, examples.size() - first);
      double[] logWeights = run(model, examples, first, count, seed);
      for (int i = 0; i < count; i++) {
        LogWeights sum = new LogWeights();
        Arrays.stream(logWeights, i * chains, (i + 1) * chains).forEach(sum::add);
        weights.add(sum);
      }
    }
    return weights;
  }

  private double[] run(TrainedModel model, Examples examples, int first, int count, long seed) {
    try (PointerScope scope = new PointerScope()) {
      Vae vae = Vae.forCodes(model.parameters(), count * chains, model.vae().likelihood());
      int[] owners = new int[count * chains];
      Arrays.setAll(owners, i -> first + i / chains);
      examples.load(owners, vae.images());
      AnnealedChains state = new AnnealedChains(vae, schedule(temperatures), leapfrogs, chains);
      double[][] steps = state.findSteps(t -> random(seed, first, t, 0));
      return state.logWeights(steps, t -> random(seed, first, t, 1));
    }
  }

  private RunRandom random(long seed, int first, int temperature, int pass) {
    long step = ((long) first * 2 + pass) * (temperatures + 1) + temperature;
    return RunRandom.of(seed, RunRandom.Stream.ANNEALING, step);
  }

  /** 0 = t_0 … t_T = 1, spaced as a sigmoid: closest at both ends. */
  public static double[] schedule(int count) {
    double[] schedule = new double[count + 1];
    double low = sigmoid(-SIGMOID_RANGE);
    double high = sigmoid(SIGMOID_RANGE);
    for (int t = 0; t <= count; t++) {
      schedule[t] = (sigmoid(SIGMOID_RANGE * (2.0 * t / count - 1)) - low) / (high - low);
    }
    return schedule;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
