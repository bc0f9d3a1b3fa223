package org.ratescope.estimate.gap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Cost;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.FoldModels;
import org.ratescope.estimate.ImportanceSampling;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.LogWeights;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Proposal;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;

/**
 * Memorisation by leaving images out (van den Burg and Williams 2021): log p(x) of a training image
 * under models trained with it, the mean over them, less that under the model trained without it.
 * The models leave one fold of a training set out each. In nats per example, the mean over images
 * of all folds; 0 if an image's own presence does not matter. {@code largest} is that of the image
 * with the largest difference. log p(x) is that of {@code logMarginal}; all models use the same
 * random numbers.
 *
 * <p>There is a value only for a run that leaves a fold out, if the runs of all other folds have
 * been trained too: so for the one that ends last, or all if they are evaluated again.
 */
public final class LeaveOneOut implements ReportingEstimator {
  private static final String NAME = "leaveOneOut";
  private static final int IMAGES = 64;
  private static final int SAMPLES = 2000;

  private final ImportanceSampling sampling =
      ImportanceSampling.of(NAME, Proposal.DEFENSIVE, SAMPLES, IMAGES);

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  /** For each run: one model's samples, since one run computes those of all folds. */
  @Override
  public Cost cost(Cost.Scale scale) {
    return Cost.passes(0.5 * SAMPLES * Math.min(scale.train(), IMAGES)).half();
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed, BuildListener listener) {
    if (subset == Subset.TEST) {
      return List.of();
    }
    try (PointerScope scope = new PointerScope()) {
      return model.folds().map(folds -> of(folds, data, seed, listener)).orElse(List.of());
    }
  }

  private List<Estimate> of(
      FoldModels folds, EvaluationData data, long seed, BuildListener listener) {
    Examples examples = folds.train(data.train().pool(), IMAGES);
    List<double[]> logMarginals = new ArrayList<>();
    long doubtful = 0;
    for (int fold = 0; fold < folds.size(); fold++) {
      listener.built("folds", fold, folds.size());
      try (PointerScope scope = new PointerScope()) {
        Optional<TrainedModel> one = folds.model(fold);
        if (one.isEmpty()) {
          return List.of();
        }
        List<LogWeights> weights = sampling.weights(one.get(), examples, seed);
        logMarginals.add(weights.stream().mapToDouble(LogWeights::logMean).toArray());
        doubtful += ImportanceSampling.doubtful(weights);
      }
    }
    double[] differences = new double[examples.size()];
    for (int n = 0; n < differences.length; n++) {
      int image = n;
      double without = logMarginals.get(folds.foldOf(examples.row(n)))[n];
      double all = logMarginals.stream().mapToDouble(values -> values[image]).sum();
      differences[n] = (all - without) / (folds.size() - 1) - without;
    }
    String settings =
        "%d folds of %d training images, S=%d for each model"
            .formatted(folds.size(), folds.whole().size(Subset.TRAIN), SAMPLES);
    if (doubtful > 0) {
      settings +=
          "; caution: the effective sample size is small for %d of %d values of log p(x), which are too low"
              .formatted(doubtful, folds.size() * differences.length);
    }
    return List.of(
        MeanEstimate.of(differences).estimate(NAME, Subset.TRAIN).settings(settings),
        new Estimate(
            NAME + ".largest",
            Subset.TRAIN,
            Arrays.stream(differences).max().orElseThrow(),
            0,
            Estimate.NATS,
            differences.length,
            settings));
  }
}
