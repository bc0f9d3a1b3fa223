package org.ratescope.estimate.gap;

import java.util.List;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Estimator;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;

/** An estimator that takes long enough to tell how far it is, in every call. */
interface ReportingEstimator extends Estimator {
  @Override
  default List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    return estimate(model, data, subset, seed, BuildListener.SILENT);
  }

  @Override
  List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed, BuildListener listener);
}
