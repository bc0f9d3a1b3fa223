package org.ratescope.estimate;

import java.util.List;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;

/**
 * The mean Euclidean pixel distance of an example to its nearest training image; of a training
 * example, to the nearest other one (Figures A1, A2, A18). It belongs to the split: the same for
 * all runs.
 */
public final class NeighbourDistance implements Estimator {
  private static final String NAME = "neighbourDistance";

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public Cost cost(Cost.Scale scale) {
    return Cost.NONE; // once for all runs of a split
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    if (subset == Subset.TRAIN && data.train().size() < 2) {
      return List.of();
    }
    return List.of(
        MeanEstimate.of(data.neighbours(subset).distances())
            .estimate(NAME, subset, "pixel values")
            .settings("among %s training images".formatted(data.train().size())));
  }
}
