package org.ratescope.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.tensor.Tensors;

/**
 * What a layer of K runs works on.
 *
 * @param rows the runs' parameters [K, P]
 * @param gradients where the parameters' gradients go [K, P], given for {@link Backward#PARAMETERS}
 * @param backward how much of the backward pass is wanted
 * @param skipsZeros whether the layer that reads the images may leave out their zeros
 * @param inputs what the layer reads, one for each source [K, B, in]
 */
public record Binding(
    Tensor rows,
    @Nullable Tensor gradients,
    Backward backward,
    boolean skipsZeros,
    List<Tensor> inputs) {

  /** How much of the backward pass a layer is made for. */
  public enum Backward {
    /** None of it. */
    NONE,
    /** d loss / d x only; the parameters are fixed. */
    INPUT,
    /** d loss / d x and the gradients of the parameters. */
    PARAMETERS
  }

  /** The input of a layer that has one. [K, B, in] */
  public Tensor input() {
    return inputs.getFirst();
  }

  /** K. */
  public int runs() {
    return Math.toIntExact(rows.size(0));
  }

  /** A buffer for what a layer computes, or for the gradient of it. [K, B, shape] */
  public Tensor buffer(ImageShape shape) {
    return Tensors.empty(input(), input().size(0), input().size(1), shape.dimensions());
  }

  /** A buffer for d loss / d output; null where no backward pass is wanted. [K, B, shape] */
  public @Nullable Tensor gradientBuffer(ImageShape shape) {
    return backward == Backward.NONE ? null : buffer(shape);
  }

  /** The same with other inputs. */
  Binding reading(List<Tensor> sources) {
    return new Binding(rows, gradients, backward, skipsZeros, sources);
  }
}
