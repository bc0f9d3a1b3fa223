package org.ratescope.model.architecture;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ratescope.model.layer.AutogradSpec;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.Sum;
import org.ratescope.spec.text.Checks;

/**
 * A residual MLP: a fully connected ReLU layer, then blocks h ↦ h + W₂ ReLU(W₁ h + b₁) + b₂ of
 * equal width (He et al. 2016). libtorch's autograd computes the blocks' gradients.
 *
 * @param layers blocks of the encoder and of the decoder, at least 1
 * @param width units of each layer, at least 1
 */
public record ResidualMlp(int layers, int width) implements NetworkArchitecture {
  /** The example. */
  public ResidualMlp() {
    this(4, 256);
  }

  public ResidualMlp {
    Checks.within("blocks", layers, 1, 64);
    Checks.within("units", width, 1, 1 << 16);
  }

  @Override
  public String family() {
    return "resmlp";
  }

  @Override
  public String numbers() {
    return "BLOCKSxUNITS";
  }

  @Override
  public String displayName() {
    return "%s-block residual MLP (%s units)".formatted(layers, width);
  }

  @Override
  public ResidualMlp of(int layers, int width) {
    return new ResidualMlp(layers, width);
  }

  @Override
  public void encoder(LayerGraph network) {
    blocks(network, "encoder.");
  }

  @Override
  public void decoder(LayerGraph network, ImageShape images) {
    blocks(network, "decoder.");
    network.dense("decoder." + (layers + 1), images, false);
  }

  private void blocks(LayerGraph network, String prefix) {
    ImageShape hidden = ImageShape.vector(width);
    int h = network.dense(prefix + "0", hidden, true);
    for (int i = 1; i <= layers; i++) {
      h = network.add(new Sum(hidden), h, network.add(branch(network, prefix + i, hidden), h));
    }
  }

  private AutogradSpec branch(LayerGraph network, String name, ImageShape hidden) {
    return new AutogradSpec(
        hidden,
        hidden,
        List.of(
            ParameterGroup.affine(network.row(), name + ".hidden", width, width),
            ParameterGroup.affine(network.row(), name + ".output", width, width)),
        2L * width * width,
        6L * width,
        ResidualMlp::branch);
  }

  private static Tensor branch(Tensor h, List<Tensor> p) {
    Tensor inner = torch.relu(AutogradSpec.affine(h, p.get(0), p.get(1)));
    return AutogradSpec.affine(inner, p.get(2), p.get(3));
  }
}
