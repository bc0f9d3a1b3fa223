package org.ratescope.model.layer;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.tensor.ProductRounding;

/**
 * A layer given by its forward pass alone; libtorch's autograd computes the gradients, so that an
 * architecture can be tried before it is fast. The backward pass computes the forward pass a second
 * time: no tensor of the graph lives longer than one call.
 *
 * @param parameters in the order in which the function gets them
 * @param intermediateValues values for each example that the function and its gradients compute
 * @param function what is computed
 */
public record AutogradSpec(
    ImageShape input,
    ImageShape output,
    List<ParameterGroup> parameters,
    long multiplications,
    long intermediateValues,
    Function function)
    implements LayerSpec {
  public AutogradSpec {
    parameters = List.copyOf(parameters);
  }

  /** A forward pass of K runs. It must not write over its arguments. */
  @FunctionalInterface
  public interface Function {
    /**
     * The output [K, B, out].
     *
     * @param x [K, B, in]
     * @param parameters [K, shape in PyTorch] each
     */
    Tensor apply(Tensor x, List<Tensor> parameters);
  }

  /**
   * x Wᵀ + b of K runs, for use in a {@link Function}.
   *
   * @param x [K, B, in]
   * @param weight [K, out, in]
   * @param bias [K, out]
   */
  public static Tensor affine(Tensor x, Tensor weight, Tensor bias) {
    return ProductRounding.affine(bias.unsqueeze(1), x, weight.transpose(1, 2));
  }

  @Override
  public Transient transientValues() {
    return new Transient(0, intermediateValues);
  }

  @Override
  public Layer bind(Binding binding) {
    return new Bound(
        function,
        binding.input(),
        ParameterGroup.tensors(parameters, binding.rows()),
        binding.gradients() == null
            ? List.of()
            : ParameterGroup.tensors(parameters, binding.gradients()),
        binding.buffer(output),
        binding.gradientBuffer(output));
  }

  /** The layer with its buffers. No gradients: the parameters are fixed. */
  private record Bound(
      Function function,
      Tensor input,
      List<Tensor> parameters,
      List<Tensor> gradients,
      Tensor output,
      @Nullable Tensor outputGradient)
      implements Layer {
    @Override
    public void forward() {
      try (PointerScope scope = new PointerScope()) {
        output.copy_(function.apply(input, parameters));
      }
    }

    @Override
    public void backward(List<Tensor> inputGradients) {
      if (outputGradient == null) {
        throw new IllegalStateException("this layer was made without gradients");
      }
      if (inputGradients.isEmpty() && gradients.isEmpty()) {
        return;
      }
      try (PointerScope scope = new PointerScope()) {
        TensorVector wanted = new TensorVector();
        Tensor x = inputGradients.isEmpty() ? input : leaf(input, wanted);
        List<Tensor> leaves = gradients.isEmpty() ? parameters : leaves(parameters, wanted);
        TensorVector found =
            AutogradSpec.gradients(function.apply(x, leaves), wanted, outputGradient);
        long next = 0;
        for (Tensor gradient : inputGradients) {
          gradient.copy_(found.get(next++));
        }
        for (Tensor gradient : gradients) {
          gradient.copy_(found.get(next++));
        }
      }
    }
  }

  /** The same values as a variable that is differentiated by; it is added to {@code wanted}. */
  public static Tensor leaf(Tensor values, TensorVector wanted) {
    Tensor leaf = values.detach().set_requires_grad(true);
    wanted.push_back(leaf);
    return leaf;
  }

  /** {@link #leaf} of each of these values, in their order. */
  public static List<Tensor> leaves(List<Tensor> values, TensorVector wanted) {
    return values.stream().map(each -> leaf(each, wanted)).toList();
  }

  /** The gradients of a weighted sum of values, in the order of {@code wanted}. */
  public static TensorVector gradients(Tensor values, TensorVector wanted, Tensor weights) {
    return torch.grad(
        new TensorVector(values),
        wanted,
        new TensorVector(weights),
        new BoolOptional(),
        false,
        false);
  }
}
