package org.ratescope.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.ratescope.model.LinearPrior;
import org.ratescope.model.architecture.Mlp;
import org.ratescope.model.architecture.NetworkArchitecture;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.Sum;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;

/** Python files of models with parts of plug-ins. */
class PyTorchModuleTest {

  /** An MLP whose decoder adds its last two layers. */
  private record SumMlp(int layers, int width) implements NetworkArchitecture {
    @Override
    public String family() {
      return "sum";
    }

    @Override
    public String numbers() {
      return "LAYERSxUNITS";
    }

    @Override
    public String displayName() {
      return text();
    }

    @Override
    public Architecture of(int layers, int width) {
      return new SumMlp(layers, width);
    }

    @Override
    public void encoder(LayerGraph network) {
      new Mlp(layers, width).encoder(network);
    }

    @Override
    public void decoder(LayerGraph network, ImageShape images) {
      int first = network.dense("decoder.0", images, true);
      int second = network.dense("decoder.1", images, false);
      network.add(new Sum(images), first, second);
    }
  }

  private static RunSpec run(Architecture architecture, Prior prior) {
    return new RunSpec(
        DataSpec.parse("tetrominoes:resolution=4"),
        new Split.Default(),
        architecture,
        2,
        Likelihood.parse("bernoulli"),
        prior,
        Objective.beta(1),
        Training.paper(),
        1);
  }

  @Test
  void aSumIsReshapedAsAWhole() {
    assertThat(PyTorchModule.source(run(new SumMlp(1, 3), Prior.normal())))
        .contains("return (h1 + h2).view(-1, *SHAPE)");
  }

  @Test
  void aPriorOfAPlugInIsNamed() {
    RunSpec run = run(new Mlp(1, 3), new LinearPrior(0));
    assertThatThrownBy(() -> PyTorchModule.source(run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prior linear is a plug-in's; expected normal, gaussian, mixture, flow, vamp or exemplar"
                + " (ONNX files have encoder and decoder, whatever the prior)");
  }
}
