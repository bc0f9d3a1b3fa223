package org.ratescope.estimate;

import java.util.List;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;

/**
 * A function of a trained model, one half of the data and a seed. Its values appear in the run's
 * record and in SQL under the names it gives them.
 */
public interface Estimator {

  /**
   * Names that a study can ask for. A value whose name continues one of them after a dot ({@code
   * logMarginal.effectiveSamples}) is a detail that comes with it.
   */
  List<String> names();

  /**
   * Estimates on one half.
   *
   * @param model the trained model
   * @param data both halves; the examples to use are {@code data.examples(half)}
   * @param half the half the values are about
   * @param seed the run's seed, the only source of randomness
   */
  List<Estimate> estimate(TrainedModel model, EvaluationData data, Subset half, long seed);

  /** What {@link #estimate} costs, for forecasts; a pass for each example unless told otherwise. */
  default Cost cost(Cost.Scale scale) {
    return Cost.passes((double) scale.examples());
  }
}
