package org.ratescope.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The sum of what two layers computed: a skip connection.
 *
 * @param input the shape of both, and of the sum
 */
public record Sum(ImageShape input) implements LayerSpec {
  @Override
  public ImageShape output() {
    return input;
  }

  @Override
  public List<ParameterGroup> parameters() {
    return List.of();
  }

  @Override
  public long multiplications() {
    return 0;
  }

  /** Its own buffer, and one for the gradient that is added to that of the other reader. */
  @Override
  public long gradientValues() {
    return 2L * input.dimensions();
  }

  @Override
  public Layer bind(Binding binding) {
    if (binding.inputs().size() != 2) {
      throw new IllegalArgumentException("a sum reads two layers");
    }
    return new Bound(binding, binding.buffer(input), binding.gradientBuffer(input));
  }

  private record Bound(Binding binding, Tensor output, @Nullable Tensor outputGradient)
      implements Layer {
    @Override
    public void forward() {
      torch.add_out(output, binding.inputs().getFirst(), binding.inputs().getLast());
    }

    @Override
    public void backward(List<Tensor> inputGradients) {
      if (outputGradient == null) {
        throw new IllegalStateException("this layer was made without gradients");
      }
      for (Tensor gradient : inputGradients) {
        gradient.copy_(outputGradient);
      }
    }
  }
}
