package org.ratescope.model.architecture;

import java.util.ArrayList;
import java.util.List;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.convolution.ConvolutionSpec;
import org.ratescope.model.layer.convolution.ConvolutionSpec.Place;
import org.ratescope.spec.text.Checks;

/**
 * Convolutional ReLU layers of equal width in the encoder, transposed convolutions in the decoder
 * (the paper's CNN has 1, 2 or 3 layers of 64 channels, Table A1). Each layer halves the rows and
 * columns.
 *
 * @param layers convolutions of the encoder and of the decoder, at least 1
 * @param width channels of each hidden layer, at least 1
 */
public record Cnn(int layers, int width) implements NetworkArchitecture {
  /** Rows and columns after the last convolution, at least, where the layers allow a choice. */
  private static final int SMALLEST_SIDE = 4;

  /** The example. */
  public Cnn() {
    this(3, 64);
  }

  public Cnn {
    Checks.within("layers", layers, 1, 8);
    Checks.within("channels", width, 1, 1 << 12);
  }

  @Override
  public String family() {
    return "cnn";
  }

  @Override
  public String numbers() {
    return "LAYERSxCHANNELS";
  }

  @Override
  public String displayName() {
    return "%s-layer CNN (%s channels)".formatted(layers, width);
  }

  @Override
  public Cnn of(int layers, int width) {
    return new Cnn(layers, width);
  }

  @Override
  public boolean readsPlanes() {
    return true;
  }

  @Override
  public void encoder(LayerGraph network) {
    List<ImageShape> shapes = convolved(network.input());
    for (int i = 0; i < layers; i++) {
      Place place = i == 0 ? Place.IMAGES : Place.HIDDEN;
      add(network, "encoder." + i, place, false, shapes.get(i), shapes.get(i + 1));
    }
  }

  @Override
  public void decoder(LayerGraph network, ImageShape images) {
    List<ImageShape> shapes = convolved(images);
    network.dense("decoder.0", shapes.getLast(), true);
    for (int i = layers; i > 0; i--) {
      Place place = i == 1 ? Place.OUTPUT : Place.HIDDEN;
      String name = "decoder." + (layers - i + 1);
      add(network, name, place, true, shapes.get(i), shapes.get(i - 1));
    }
  }

  private static void add(
      LayerGraph network,
      String name,
      Place place,
      boolean transposed,
      ImageShape input,
      ImageShape output) {
    network.add(
        ConvolutionSpec.of(network.row(), name, place, transposed, input, output), network.last());
  }

  /** The images, and what each convolution makes of them. */
  private List<ImageShape> convolved(ImageShape images) {
    int height = firstSide(images.height());
    int columns = firstSide(images.width());
    List<ImageShape> shapes = new ArrayList<>(List.of(images));
    for (int i = 0; i < layers; i++) {
      shapes.add(new ImageShape(width, height >> i, columns >> i));
    }
    return shapes;
  }

  /**
   * Rows (or columns) after the first convolution: at least half of the image's, and the least that
   * the other layers can halve without a rest down to 4, or to 1 where there are more than three.
   * It gives the paper's padding, 1 for 32 or 64 pixels and 3 for 28 (Table A1); where the paper
   * says nothing it is ours.
   */
  private int firstSide(int side) {
    int multiple = Math.max(SMALLEST_SIDE, 1 << (layers - 1));
    return Math.ceilDiv(Math.ceilDiv(side, ConvolutionSpec.STRIDE), multiple) * multiple;
  }
}
