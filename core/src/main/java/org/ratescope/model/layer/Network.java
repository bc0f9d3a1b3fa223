package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A stack of layers of K runs for batches of one size: ReLU after each but the last. */
public final class Network {
  /** Padding on each side between hidden convolutions, whose sides are even. */
  private static final int HIDDEN_PADDING = 1;

  private final List<Layer> layers = new ArrayList<>();
  private final Parameters parameters;
  private final Dense.Backward backward;
  private final @Nullable Parameters gradients;

  /**
   * The network reading from {@code input}.
   *
   * @param gradients where the parameters' gradients go, given for {@link
   *     Dense.Backward#PARAMETERS}
   * @param input [K, B, in]
   * @param sparse reads the input where most of it may be zero
   */
  public Network(
      List<LayerSpec> stack,
      Parameters parameters,
      Dense.Backward backward,
      @Nullable Parameters gradients,
      Tensor input,
      @Nullable SparseInput sparse) {
    this.parameters = parameters;
    this.backward = backward;
    this.gradients = gradients;
    Tensor x = input;
    for (int i = 0; i < stack.size(); i++) {
      boolean last = i == stack.size() - 1;
      switch (stack.get(i)) {
        case LayerSpec.Affine affine ->
            layers.add(
                new Dense(
                    affine, !last, parameters, backward, gradients, x, i == 0 ? sparse : null));
        case LayerSpec.Convolution convolution -> add(convolution, i == 0, last, x);
      }
      x = layers.getLast().output();
    }
  }

  /** Images are plane by plane: the first and the last convolution turn them. */
  private void add(LayerSpec.Convolution layer, boolean first, boolean last, Tensor x) {
    if (first) {
      PaddedInput images = new PaddedInput(layer, x);
      layers.add(images);
      layers.add(
          new Convolution(
              layer, parameters, backward, gradients, images.output(), layer.padded(), 0));
    } else if (last) {
      layers.add(new SubPixelDeconvolution(layer, parameters, backward, gradients, x));
    } else {
      layers.add(
          new Convolution(
              layer, parameters, backward, gradients, x, layer.input(), HIDDEN_PADDING));
    }
  }

  /** What the last layer computed. [K, B, out] */
  public Tensor output() {
    return layers.getLast().output();
  }

  /** Where d loss / d output is written before {@link #backward}. [K, B, out] */
  public Tensor outputGradient() {
    Tensor gradient = layers.getLast().outputGradient();
    if (gradient == null) {
      throw new IllegalStateException("this network was made without gradients");
    }
    return gradient;
  }

  public void forward() {
    layers.forEach(Layer::forward);
  }

  /** The gradients this network was made for and, where asked for, of the input. */
  public void backward(@Nullable Tensor inputGradient) {
    for (int i = layers.size() - 1; i > 0; i--) {
      layers.get(i).backward(layers.get(i - 1).outputGradient());
    }
    layers.getFirst().backward(inputGradient);
  }
}
