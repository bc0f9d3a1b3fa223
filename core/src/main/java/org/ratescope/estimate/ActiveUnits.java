package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Posteriors;
import org.ratescope.model.prior.Normal;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;

/**
 * How the latent dimensions are used: the rate of each, KL(q(z_l|x) ‖ N(0, 1)) averaged over
 * examples, whose sum is the rate, with the prior N(0, I) only; and the number of active ones,
 * those whose posterior mean has a variance over examples above 0.01 (Burda, Grosse and
 * Salakhutdinov 2016, section 5).
 */
public final class ActiveUnits implements Estimator {
  private static final double ACTIVE = 0.01;
  private static final String RATES = "rateByDimension";
  private static final String COUNT = "activeDimensions";

  @Override
  public List<String> names() {
    return List.of(RATES, COUNT);
  }

  @Override
  public Cost cost(Cost.Scale scale) {
    return Cost.passes(0.5 * scale.examples());
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    Posteriors posteriors = model.posteriors(data.examples(subset));
    List<Estimate> estimates = new ArrayList<>();
    if (model.vae().prior() instanceof Normal) { // the rate of others is no sum over dimensions
      for (int l = 0; l < posteriors.latentSize(); l++) {
        estimates.add(MeanEstimate.of(rates(posteriors, l)).estimate(RATES + "." + l, subset));
      }
    }
    if (posteriors.size() > 1) {
      int active = 0;
      for (int l = 0; l < posteriors.latentSize(); l++) {
        active += varianceOfMean(posteriors, l) > ACTIVE ? 1 : 0;
      }
      estimates.add(
          new Estimate(COUNT, subset, active, 0, "dimensions", posteriors.size())
              .settings("variance of the posterior mean above " + ACTIVE));
    }
    return estimates;
  }

  private static double[] rates(Posteriors posteriors, int dimension) {
    double[] rates = new double[posteriors.size()];
    Arrays.setAll(
        rates,
        n -> {
          double mean = posteriors.mean()[n * posteriors.latentSize() + dimension];
          double logVar = posteriors.logVar()[n * posteriors.latentSize() + dimension];
          return 0.5 * (mean * mean + Math.exp(logVar) - 1 - logVar);
        });
    return rates;
  }

  private static double varianceOfMean(Posteriors posteriors, int dimension) {
    double[] means = new double[posteriors.size()];
    Arrays.setAll(means, n -> posteriors.mean()[n * posteriors.latentSize() + dimension]);
    double standardError = MeanEstimate.of(means).standardError();
    return standardError * standardError * means.length;
  }
}
