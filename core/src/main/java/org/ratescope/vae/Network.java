package org.ratescope.vae;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A stack of layers of K runs for batches of one size: ReLU after each but the last. */
final class Network {
  private final List<Dense> layers = new ArrayList<>();

  Network(
      List<Layer> stack,
      Parameters parameters,
      Dense.Backward backward,
      @Nullable Parameters gradients,
      Tensor input) {
    Tensor x = input;
    for (int i = 0; i < stack.size(); i++) {
      Dense layer =
          new Dense(stack.get(i), i < stack.size() - 1, parameters, backward, gradients, x);
      layers.add(layer);
      x = layer.output();
    }
  }

  /** What the last layer computed. [K, B, out] */
  Tensor output() {
    return layers.getLast().output();
  }

  /** Where d loss / d output is written before {@link #backward}. [K, B, out] */
  Tensor outputGradient() {
    return layers.getLast().outputGradient();
  }

  void forward() {
    layers.forEach(Dense::forward);
  }

  /** The gradients this network was made for and, where asked for, of the input. */
  void backward(@Nullable Tensor inputGradient) {
    for (int i = layers.size() - 1; i > 0; i--) {
      layers.get(i).backward(layers.get(i - 1).outputGradient());
    }
    layers.getFirst().backward(inputGradient);
  }
}
