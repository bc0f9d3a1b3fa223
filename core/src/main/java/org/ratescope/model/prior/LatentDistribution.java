package org.ratescope.model.prior;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunRandom;

/**
 * The parameters and the equations of a {@link Prior}. The parameters stand in the runs' rows, and
 * are trained with the rest.
 */
public interface LatentDistribution extends Prior {

  /**
   * Its parameters, with names that begin with {@code prior.}; none where nothing is trained.
   *
   * @param row where they get their places
   * @param latentSize L, values of a code
   * @param dimensions D, values of an image
   */
  List<ParameterGroup> parameters(RowAllocator row, int latentSize, int dimensions);

  /** The prior of K runs. */
  PriorDensity bind(PriorBinding binding);

  /**
   * How many training images the first of {@link #parameters} starts from, one in each of its rows.
   * Each run draws its own.
   */
  default int startImages() {
    return 0;
  }

  /** The smallest number of training images that the prior makes sense with. */
  default int leastImages() {
    return 1;
  }

  /**
   * Moves the parameters of one run to where a fit to given posteriors starts; by default they stay
   * at their initial values.
   *
   * @param parameters as {@link PriorBinding#values} has them, K = 1
   * @param mean posterior means [N, L]
   * @param variance posterior variances [N, L]
   */
  default void startFit(
      List<Tensor> parameters, double[] mean, double[] variance, RunRandom random) {}

  /** Values for each example that the equations compute during one call, for each run. */
  default long transientValues(int latentSize) {
    return 0;
  }

  /** Values for each run that the equations hold, whatever the batch. */
  default long heldValues(LayerGraph encoder) {
    return 0;
  }

  /**
   * Floating-point operations of the products of one training step of one run in which the encoder
   * reads the prior's own images, whatever the batch: forward, and the gradients.
   */
  default long encoderOperations(LayerGraph encoder) {
    return 0;
  }

  /** The equations of a prior. */
  static LatentDistribution of(Prior prior) {
    if (prior instanceof LatentDistribution equations) {
      return equations;
    }
    throw new IllegalArgumentException("the prior has no equations: " + prior.text());
  }
}
