package org.ratescope.model.prior;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.RowAllocator;

/**
 * The distribution p(z) of the codes: its parameters, which stand in the runs' rows and are trained
 * with the rest, and its equations.
 */
public interface Prior {

  /** The text form, {@code normal}. */
  String text();

  /**
   * Its parameters, with names that begin with {@code prior.}; none where nothing is trained.
   *
   * @param row where they get their places
   */
  List<ParameterGroup> parameters(RowAllocator row, int latentSize);

  /**
   * The prior of K runs.
   *
   * @param parameters the values of {@link #parameters} in that order [K, shape] each
   * @param gradients where their gradients go, likewise; empty where the parameters are fixed
   */
  PriorDensity bind(List<Tensor> parameters, List<Tensor> gradients);

  /** Values for each example that the equations compute during one call, for each run. */
  default long transientValues(int latentSize) {
    return 0;
  }
}
