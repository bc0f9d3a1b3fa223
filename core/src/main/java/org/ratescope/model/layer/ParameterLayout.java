package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;

/**
 * Where each layer's parameters stand in a run's row of P values. Encoder: hidden ReLU layers, then
 * mean and log-variance heads side by side. Decoder: hidden ReLU layers, then logits. The weights
 * of every layer start at a multiple of 64 bytes.
 */
public final class ParameterLayout {
  private static final int ALIGNMENT = 16;

  /** Rows and columns after the last convolution, at least, where the layers allow a choice. */
  private static final int SMALLEST_SIDE = 4;

  private final List<LayerSpec> encoder = new ArrayList<>();
  private final List<LayerSpec> decoder = new ArrayList<>();
  private final int latentSize;
  private long size;

  private ParameterLayout(int latentSize) {
    this.latentSize = latentSize;
  }

  /** The layout for a run. */
  public static ParameterLayout of(RunSpec run) {
    return of(run.architecture(), run.data(), run.latentSize());
  }

  /** The layout for an architecture over images of that data set. */
  public static ParameterLayout of(Architecture architecture, DataSpec data, int latentSize) {
    return of(architecture, ImageShape.of(data), latentSize);
  }

  /** The layout for an architecture over images of that shape. */
  public static ParameterLayout of(Architecture architecture, ImageShape images, int latentSize) {
    return switch (architecture) {
      case Architecture.Mlp mlp -> of(mlp, images.dimensions(), latentSize);
      case Architecture.Cnn cnn -> cnn(cnn, images, latentSize);
    };
  }

  /** The layout of fully connected layers, which see an image as a vector of that many values. */
  public static ParameterLayout of(Architecture.Mlp mlp, int dimensions, int latentSize) {
    ParameterLayout layout = new ParameterLayout(latentSize);
    ImageShape images = ImageShape.vector(dimensions);
    ImageShape hidden = ImageShape.vector(mlp.units());
    ImageShape below = images;
    for (int i = 0; i < mlp.layers(); i++) {
      layout.affine(layout.encoder, List.of("encoder." + i), below, hidden);
      below = hidden;
    }
    layout.heads(hidden);
    below = ImageShape.vector(latentSize);
    for (int i = 0; i < mlp.layers(); i++) {
      layout.affine(layout.decoder, List.of("decoder." + i), below, hidden);
      below = hidden;
    }
    layout.affine(layout.decoder, List.of("decoder." + mlp.layers()), hidden, images);
    return layout;
  }

  private static ParameterLayout cnn(Architecture.Cnn cnn, ImageShape images, int latentSize) {
    ParameterLayout layout = new ParameterLayout(latentSize);
    List<ImageShape> shapes = convolved(cnn, images);
    for (int i = 0; i < cnn.layers(); i++) {
      layout.convolution(layout.encoder, "encoder." + i, false, shapes.get(i), shapes.get(i + 1));
    }
    ImageShape smallest = shapes.getLast();
    layout.heads(smallest);
    layout.affine(layout.decoder, List.of("decoder.0"), ImageShape.vector(latentSize), smallest);
    for (int i = cnn.layers(); i > 0; i--) {
      String name = "decoder." + (cnn.layers() - i + 1);
      layout.convolution(layout.decoder, name, true, shapes.get(i), shapes.get(i - 1));
    }
    return layout;
  }

  /** The images, and what each convolution makes of them. */
  private static List<ImageShape> convolved(Architecture.Cnn cnn, ImageShape images) {
    int height = firstSide(images.height(), cnn.layers());
    int width = firstSide(images.width(), cnn.layers());
    List<ImageShape> shapes = new ArrayList<>(List.of(images));
    for (int i = 0; i < cnn.layers(); i++) {
      shapes.add(new ImageShape(cnn.channels(), height >> i, width >> i));
    }
    return shapes;
  }

  /**
   * Rows (or columns) after the first convolution: at least half of the image's, and the least that
   * the other layers can halve without a rest down to 4, or to 1 where there are more than three.
   * It gives the paper's padding, 1 for 32 or 64 pixels and 3 for 28 (Table A1); where the paper
   * says nothing it is ours.
   */
  private static int firstSide(int side, int layers) {
    int multiple = Math.max(SMALLEST_SIDE, 1 << (layers - 1));
    return Math.ceilDiv(Math.ceilDiv(side, Architecture.Cnn.STRIDE), multiple) * multiple;
  }

  private void heads(ImageShape input) {
    affine(encoder, List.of("mean", "logvar"), input, ImageShape.vector(2 * latentSize));
  }

  private void affine(List<LayerSpec> stack, List<String> names, ImageShape in, ImageShape out) {
    long weights = (long) in.dimensions() * out.dimensions();
    stack.add(new LayerSpec.Affine(names, in, out, size, padded(size + weights)));
    size = padded(padded(size + weights) + out.dimensions());
  }

  private void convolution(
      List<LayerSpec> stack, String name, boolean transposed, ImageShape in, ImageShape out) {
    long weights =
        (long) in.channels() * out.channels() * Architecture.Cnn.KERNEL * Architecture.Cnn.KERNEL;
    stack.add(new LayerSpec.Convolution(name, transposed, in, out, size, padded(size + weights)));
    size = padded(padded(size + weights) + out.channels());
  }

  private static long padded(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Layers of the encoder, first to last; the last is the pair of heads. */
  public List<LayerSpec> encoder() {
    return List.copyOf(encoder);
  }

  /** Layers of the decoder, first to last; the last gives the logits. */
  public List<LayerSpec> decoder() {
    return List.copyOf(decoder);
  }

  /** All layers, encoder first. */
  public List<LayerSpec> layers() {
    return Stream.concat(encoder.stream(), decoder.stream()).toList();
  }

  /** Values of a latent code. */
  public int latentSize() {
    return latentSize;
  }

  /** Values of one image. */
  public int dimensions() {
    return encoder.getFirst().input().dimensions();
  }

  /** P, the length of a run's row, with padding. */
  public long size() {
    return size;
  }

  /** Number of trainable parameters, without padding. */
  public long parameters() {
    return layers().stream().mapToLong(l -> l.weights() + l.biases()).sum();
  }

  /**
   * Floating-point operations of the products of one training step for each example of a batch:
   * forward, and the gradients of weights and inputs, but for the images.
   */
  public long trainingOperations() {
    long multiplications = 0;
    for (LayerSpec layer : layers()) {
      multiplications += 3 * layer.multiplications();
    }
    return 2 * (multiplications - encoder.getFirst().multiplications());
  }

  /** Floating-point operations of the products of one pass through the model for each example. */
  public long forwardOperations() {
    return 2 * layers().stream().mapToLong(LayerSpec::multiplications).sum();
  }
}
