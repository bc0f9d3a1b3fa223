package org.ratescope.model.architecture;

import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.spec.text.Checks;

/**
 * Fully connected ReLU layers of equal width (the paper's MLP has 1, 2 or 3 layers of 512 units,
 * Table A1).
 *
 * @param layers hidden layers of the encoder and of the decoder, at least 1
 * @param width units of each hidden layer, at least 1
 */
public record Mlp(int layers, int width) implements NetworkArchitecture {
  /** The example. */
  public Mlp() {
    this(3, 512);
  }

  public Mlp {
    Checks.within("layers", layers, 1, 64);
    Checks.within("units", width, 1, 1 << 16);
  }

  @Override
  public String family() {
    return "mlp";
  }

  @Override
  public String numbers() {
    return "LAYERSxUNITS";
  }

  @Override
  public String displayName() {
    return "%s-layer MLP (%s units)".formatted(layers, width);
  }

  @Override
  public Mlp of(int layers, int width) {
    return new Mlp(layers, width);
  }

  @Override
  public void encoder(LayerGraph network) {
    hidden(network, "encoder.");
  }

  @Override
  public void decoder(LayerGraph network, ImageShape images) {
    hidden(network, "decoder.");
    network.dense("decoder." + layers, images, false);
  }

  private void hidden(LayerGraph network, String prefix) {
    for (int i = 0; i < layers; i++) {
      network.dense(prefix + i, ImageShape.vector(width), true);
    }
  }
}
