package org.ratescope.model.prior;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.ParameterGroup;

/**
 * What a prior of K runs works on.
 *
 * @param groups its parameters
 * @param rows the runs' parameters [K, P]
 * @param gradientRows where the parameters' gradients go [K, P]; null where they are fixed
 * @param encoder the encoder, of which a prior may be made
 * @param images the images of the batch in training [K, B, D]; whatever they hold when it is asked
 */
public record PriorBinding(
    List<ParameterGroup> groups,
    Tensor rows,
    @Nullable Tensor gradientRows,
    LayerGraph encoder,
    Tensor images) {

  /** The values of the parameters in their order. [K, shape] each */
  public List<Tensor> values() {
    return ParameterGroup.tensors(groups, rows);
  }

  /** Where their gradients are written, likewise; empty where they are fixed. */
  public List<Tensor> gradients() {
    return gradientRows == null ? List.of() : ParameterGroup.tensors(groups, gradientRows);
  }

  /** Whether the parameters are trained. */
  public boolean trains() {
    return gradientRows != null;
  }
}
