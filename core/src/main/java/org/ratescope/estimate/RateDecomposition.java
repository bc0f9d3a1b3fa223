package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ratescope.estimate.posterior.DeviceMarginal;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.InferenceMarginal;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.results.Estimate;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Subset;

/**
 * The two parts of the rate, R = I(x;z) + KL(q(z) ‖ p(z)) (section 5.2): the mutual information I =
 * E[log q(z|x) − log q(z)] and the marginal KL E[log q(z) − log p(z)], with q(z) {@code exact} over
 * all N posteriors and from batches of 512 as in the paper. One code is drawn for each example
 * used. In nats per example; I of the exact mixture is at most log N, which is reported as the
 * ceiling.
 */
public final class RateDecomposition implements Estimator {
  /** Examples in a batch of the paper's estimate. */
  private static final int BATCH = 512;

  /** Codes drawn at most; each costs a pass over all posteriors. */
  private static final int CODES = 16_384;

  private static final String EXACT_I = "mutualInformation";
  private static final String EXACT_KL = "marginalKl";
  private static final String BATCH_I = "mutualInformationBatch";
  private static final String BATCH_KL = "marginalKlBatch";

  @Override
  public List<String> names() {
    return List.of(EXACT_I, EXACT_KL, BATCH_I, BATCH_KL);
  }

  @Override
  public Cost cost(Cost.Scale scale) {
    double codes = Math.min(CODES, Math.min(scale.examples(), scale.train()));
    return new Cost(0.5 * scale.train(), codes * scale.train() * scale.latentSize());
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    Examples mixture = data.mixture(subset);
    Examples examples = data.examples(subset, Math.min(CODES, mixture.size()));
    Posteriors all = model.posteriors(mixture);
    Posteriors own = all.select(mixture.places(examples));
    double[] codes = own.draw(examples, seed);
    double[] exact =
        model.device().isCpu()
            ? InferenceMarginal.of(all).logDensity(codes)
            : DeviceMarginal.logDensity(all, codes, model.device());
    String settings =
        "mixture of %s posteriors of the %s".formatted(mixture.size(), subset.displayName());
    List<Estimate> estimates = new ArrayList<>();
    double[] logPrior = model.logPrior(codes);
    add(estimates, EXACT_I, EXACT_KL, own, codes, logPrior, exact, subset, "exact, " + settings);
    double ceiling = Math.log(mixture.size());
    estimates.add(
        new Estimate(
            EXACT_I + ".ceiling", subset, ceiling, 0, Estimate.NATS, mixture.size(), "log N"));
    if (examples.size() > 1) {
      double[] batch = batches(own, codes, mixture.size());
      String size = "batches of at most %s for a ".formatted(BATCH);
      add(estimates, BATCH_I, BATCH_KL, own, codes, logPrior, batch, subset, size + settings);
    }
    return estimates;
  }

  private static void add(
      List<Estimate> estimates,
      String information,
      String marginalKl,
      Posteriors own,
      double[] codes,
      double[] logPrior,
      double[] logQ,
      Subset subset,
      String settings) {
    int latent = own.latentSize();
    double[] i = new double[own.size()];
    double[] kl = new double[own.size()];
    Arrays.setAll(i, n -> own.logDensity(n, codes, n * latent) - logQ[n]);
    Arrays.setAll(kl, n -> logQ[n] - logPrior[n]);
    estimates.add(MeanEstimate.of(i).estimate(information, subset).settings(settings));
    estimates.add(MeanEstimate.of(kl).estimate(marginalKl, subset).settings(settings));
  }

  /**
   * The paper's estimate in batches of nearly equal size, of examples in random order: neighbours
   * in the data set are alike.
   */
  static double[] batches(Posteriors own, double[] codes, int n) {
    int[] order = new int[own.size()];
    Arrays.setAll(order, i -> i);
    RunRandom.of(0, RunRandom.Stream.SUBSET, Subset.values().length).shuffle(order);
    int count = Math.ceilDiv(order.length, BATCH);
    double[] logDensity = new double[order.length];
    for (int b = 0; b < count; b++) {
      int from = (int) ((long) order.length * b / count);
      int to = (int) ((long) order.length * (b + 1) / count);
      int[] places = Arrays.copyOfRange(order, from, to);
      double[] values =
          InferenceMarginal.batch(own.select(places), rows(codes, places, own.latentSize()), n);
      for (int i = 0; i < places.length; i++) {
        logDensity[places[i]] = values[i];
      }
    }
    return logDensity;
  }

  private static double[] rows(double[] codes, int[] rows, int latent) {
    double[] selected = new double[rows.length * latent];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(codes, rows[i] * latent, selected, i * latent, latent);
    }
    return selected;
  }
}
