package org.ratescope.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.ratescope.tensor.ProductRounding;
import org.ratescope.tensor.Tensors;

/**
 * One affine layer of K runs with its output buffers: y = x W + b, then ReLU where the layer is
 * hidden. All views are made once, so that a step allocates nothing.
 */
final class Dense implements Layer {
  private static final long[] BATCH_AXIS = {1};

  private final boolean relu;
  private final Tensor input; // [K, B, in]
  private final Tensor output; // [K, B, out]
  private final Tensor weight; // [K, in, out]
  private final Tensor bias; // [K, 1, out]
  private final @Nullable Gradient gradient;
  private final @Nullable SparseInput sparse;
  private boolean inputIsSparse;
  private final Scalar zero = new Scalar(0.0);
  private final ScalarTypeOptional sameType = new ScalarTypeOptional();

  /** What the backward pass needs beside the forward pass. */
  private record Gradient(
      Tensor output, // d loss / d y [K, B, out]
      @Nullable ParameterGradient parameters,
      Tensor weightTransposed) {} // [K, out, in]

  /** Where the gradients of W and b are written. */
  private record ParameterGradient(
      Tensor weight, // [K, in, out]
      Tensor bias, // [K, 1, out]
      Tensor inputTransposed) {} // [K, in, B]

  /** The layer reading what the binding gives. */
  Dense(DenseSpec layer, Binding binding) {
    this.relu = layer.relu();
    this.input = binding.input();
    this.weight = layer.weight(binding.rows());
    this.bias = layer.bias(binding.rows());
    this.output = binding.buffer(layer.output());
    this.sparse =
        layer.readsImages()
                && binding.skipsZeros()
                && input.is_cpu()
                && Tensors.type(input) == ScalarType.Float
            ? new SparseInput(input, weight, bias, output)
            : null;
    Tensor outputGradient = binding.gradientBuffer(layer.output());
    Tensor gradients = binding.gradients();
    this.gradient =
        outputGradient == null
            ? null
            : new Gradient(
                outputGradient,
                gradients == null
                    ? null
                    : new ParameterGradient(
                        layer.weight(gradients), layer.bias(gradients), input.transpose(1, 2)),
                weight.transpose(1, 2));
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public @Nullable Tensor outputGradient() {
    return gradient == null ? null : gradient.output();
  }

  @Override
  public void forward() {
    inputIsSparse = sparse != null && sparse.read();
    if (sparse != null && inputIsSparse) {
      sparse.forward();
    } else {
      ProductRounding.affine(output, bias, input, weight);
    }
    if (relu) {
      torch.relu_(output);
    }
  }

  @Override
  public void backward(List<Tensor> inputGradients) {
    Gradient g = gradient();
    if (relu) {
      torch.threshold_backward_out(g.output(), g.output(), output, zero);
    }
    if (g.parameters() != null) {
      ParameterGradient p = g.parameters();
      if (sparse != null && inputIsSparse) {
        sparse.weightGradient(g.output(), p.weight());
      } else {
        torch.bmm_out(p.weight(), p.inputTransposed(), g.output());
      }
      torch.sum_out(p.bias(), g.output(), BATCH_AXIS, true, sameType);
    }
    for (Tensor inputGradient : inputGradients) {
      torch.bmm_out(inputGradient, g.output(), g.weightTransposed());
    }
  }

  private Gradient gradient() {
    if (gradient == null) {
      throw new IllegalStateException("this layer was made without gradients");
    }
    return gradient;
  }
}
