package org.ratescope.estimate;

import java.util.List;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;

/**
 * A function of a trained model, the training or the test set, and a seed. Its values appear in
 * records, SQL, forecasts and figures under the names that it gives them.
 *
 * <p>{@link java.util.ServiceLoader} finds estimators: a public class with a public constructor
 * without parameters, and its name in {@code META-INF/services/org.ratescope.estimate.Estimator}.
 * docs/extending.md shows one in a jar of the user's. One instance serves all threads.
 */
public interface Estimator {

  /**
   * The names that a study can request. A value whose name continues one of them after a dot
   * ({@code logMarginal.effectiveSamples}) is a detail, and comes with it.
   */
  List<String> names();

  /**
   * Estimates on the training or the test set.
   *
   * @param model the trained model
   * @param data both sets; the examples to use are {@code data.examples(subset)}
   * @param subset the set that the values describe
   * @param seed the run's seed, the only source of randomness; see {@link
   *     org.ratescope.spec.RunRandom#named}
   */
  List<Estimate> estimate(TrainedModel model, EvaluationData data, Subset subset, long seed);

  /**
   * The same, telling how far it is. An estimator that takes long overrides this.
   *
   * @param listener hears what is computed, and how many units of how many are done
   */
  default List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed, BuildListener listener) {
    return estimate(model, data, subset, seed);
  }

  /** The cost of {@link #estimate}, for forecasts; by default one pass for each example. */
  default Cost cost(Cost.Scale scale) {
    return Cost.passes((double) scale.examples());
  }
}
