package org.ratescope.estimate;

import java.util.List;
import org.ratescope.record.Estimate;

/**
 * A function of a trained model, one half of the data and a seed. Its values appear in the run's
 * record and in SQL under the names it gives them.
 */
public interface Estimator {

  /** Names of the values, in the order they are returned. */
  List<String> names();

  /**
   * Estimates on these examples.
   *
   * @param model the trained model
   * @param examples the examples of one half that are used
   * @param seed the run's seed, the only source of randomness
   */
  List<Estimate> estimate(TrainedModel model, Examples examples, long seed);
}
