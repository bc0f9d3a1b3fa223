package org.ratescope.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** Several layers may read the input of a network. */
class SkipConnectionTest {
  private static final int RUNS = 2;
  private static final int BATCH = 3;
  private static final ImageShape CODE = ImageShape.vector(2);
  private static final ImageShape HIDDEN = ImageShape.vector(4);

  /** ReLU(W z + b) + V z + c, then an affine layer. */
  private static LayerGraph graph(boolean readsImages) {
    LayerGraph graph = new LayerGraph(CODE, readsImages, new RowAllocator());
    int below = graph.dense("0", HIDDEN, true);
    int skip = graph.add(linear(graph), LayerGraph.INPUT);
    graph.add(new Sum(HIDDEN), below, skip);
    graph.dense("1", ImageShape.vector(1), false);
    return graph;
  }

  private static AutogradSpec linear(LayerGraph graph) {
    return new AutogradSpec(
        CODE,
        HIDDEN,
        List.of(ParameterGroup.affine(graph.row(), "skip", 2, 4)),
        8,
        4,
        (z, p) -> AutogradSpec.affine(z, p.get(0), p.get(1)));
  }

  private static Tensor normal(Random random, int columns, int... sizes) {
    double[] values = new double[sizes[0] * sizes[1] * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return Tensor.create(values, sizes[0], sizes[1], columns);
  }

  /** A VampPrior asks for the gradient of pseudo-inputs, which are images. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theGradientOfTheInputIsThatOfAllItsReaders(boolean readsImages) {
    Libtorch.useOneThread();
    try (PointerScope scope = new PointerScope()) {
      Random random = new Random(7);
      LayerGraph graph = graph(readsImages);
      Tensor rows = normal(random, (int) graph.row().size(), 1, RUNS).squeeze(0);
      Tensor codes = normal(random, 2, RUNS, BATCH);
      Binding binding = new Binding(rows, null, Binding.Backward.INPUT, false, List.of(codes));
      Network network = new Network(graph, binding);
      Tensor gradient = codes.clone();
      for (int pass = 0; pass < 2; pass++) { // a second pass writes over the first
        network.forward();
        network.outputGradient().fill_(new Scalar(1));
        network.backward(gradient);
      }

      double[] found = Tensors.doubles(gradient);
      double[] values = Tensors.doubles(codes);
      for (int i = 0; i < values.length; i++) {
        double slope =
            (sum(network, codes, values, i, 1e-5) - sum(network, codes, values, i, -1e-5));
        assertThat(found[i]).isCloseTo(slope / 2e-5, within(1e-8));
      }
    }
  }

  private static double sum(Network network, Tensor codes, double[] values, int i, double h) {
    double[] moved = values.clone();
    moved[i] += h;
    Tensors.write(moved, codes);
    network.forward();
    return network.output().sum().item_double();
  }

  @Test
  void aLayerThatReadsTheInputReadsNothingElse() {
    try (PointerScope scope = new PointerScope()) {
      LayerGraph graph = new LayerGraph(CODE, false, new RowAllocator());
      graph.add(new Sum(CODE), LayerGraph.INPUT, graph.dense("0", CODE, true));
      Tensor rows = normal(new Random(1), (int) graph.row().size(), 1, 1).squeeze(0);
      Binding binding =
          new Binding(
              rows,
              null,
              Binding.Backward.NONE,
              false,
              List.of(normal(new Random(2), 2, 1, BATCH)));
      assertThatThrownBy(() -> new Network(graph, binding))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a layer that reads a network's input reads nothing else");
    }
  }
}
