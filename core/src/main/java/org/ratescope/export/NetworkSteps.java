package org.ratescope.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ratescope.model.architecture.ResidualMlp;
import org.ratescope.model.layer.AutogradSpec;
import org.ratescope.model.layer.DenseSpec;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.LayerSpec;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.model.layer.Sum;
import org.ratescope.model.layer.convolution.ConvolutionSpec;
import org.ratescope.spec.Architecture;

/**
 * The layers of an encoder or a decoder as operations that PyTorch and ONNX have. Values are planes
 * [N, C, H, W] behind convolutions and vectors [N, D], plane by plane, behind affine maps.
 *
 * @param input the shape of what the network reads
 * @param steps the operations, each after those that it reads
 * @param outputs the numbers of the steps whose values are the network's outputs
 */
record NetworkSteps(ImageShape input, List<Step> steps, List<Integer> outputs) {
  /** The source that stands for the network's input. */
  static final int INPUT = LayerGraph.INPUT;

  NetworkSteps {
    steps = List.copyOf(steps);
    outputs = List.copyOf(outputs);
  }

  /** An operation on the values of earlier steps. */
  sealed interface Step {}

  /** y = W x + b, with ReLU if requested. */
  record Affine(int source, String name, int in, int out, boolean relu) implements Step {}

  /** A convolution or transposed convolution, with ReLU if it is not the last layer. */
  record Convolution(int source, String name, ConvolutionSpec layer) implements Step {
    boolean relu() {
      return layer.place() != ConvolutionSpec.Place.OUTPUT;
    }

    /** Rows of padding after the last. */
    int bottom() {
      return layer.padded().height() - larger().height() - layer.top();
    }

    /** Columns of padding after the last. */
    int right() {
      return layer.padded().width() - larger().width() - layer.left();
    }

    private ImageShape larger() {
      return layer.transposed() ? layer.output() : layer.input();
    }
  }

  /** The sum of two values, as vectors. */
  record Add(int first, int second) implements Step {}

  /**
   * The operations of a network.
   *
   * @throws IllegalArgumentException if a layer is a function of a plug-in
   */
  static NetworkSteps of(LayerGraph graph, Architecture architecture) {
    List<Step> steps = new ArrayList<>();
    Map<Integer, Integer> values = new HashMap<>(Map.of(INPUT, INPUT)); // node to step
    List<LayerGraph.Node> nodes = graph.nodes();
    List<Integer> last = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      List<Integer> sources =
          nodes.get(i).sources().stream()
              .map(source -> Objects.requireNonNull(values.get(source)))
              .toList();
      int before = steps.size();
      steps.addAll(steps(nodes.get(i).layer(), sources, before, architecture));
      values.put(i, steps.size() - 1);
      if (i == nodes.size() - 1) {
        int heads = nodes.get(i).layer() instanceof DenseSpec dense ? dense.names().size() : 1;
        for (int head = heads; head > 0; head--) {
          last.add(steps.size() - head);
        }
      }
    }
    return new NetworkSteps(graph.input(), steps, last);
  }

  private static List<Step> steps(
      LayerSpec layer, List<Integer> sources, int next, Architecture architecture) {
    int source = sources.getFirst();
    if (layer instanceof DenseSpec dense) {
      int out = dense.output().dimensions() / dense.names().size();
      return dense.names().stream()
          .map(
              name ->
                  (Step) new Affine(source, name, dense.input().dimensions(), out, dense.relu()))
          .toList();
    }
    if (layer instanceof ConvolutionSpec convolution) {
      return List.of(new Convolution(source, convolution.name(), convolution));
    }
    if (layer instanceof Sum) {
      return List.of(new Add(source, sources.getLast()));
    }
    if (layer instanceof AutogradSpec branch && architecture instanceof ResidualMlp) {
      Affine hidden = affine(source, branch.parameters().getFirst(), true);
      return List.of(hidden, affine(next, branch.parameters().getLast(), false));
    }
    throw new IllegalArgumentException(
        "architecture %s has a layer that is a Java function; expected layers that PyTorch and ONNX have: dense, convolution, sum"
            .formatted(architecture.text()));
  }

  private static Affine affine(int source, ParameterGroup group, boolean relu) {
    ParameterView weight = group.views().getFirst();
    return new Affine(
        source,
        weight.name().replaceFirst("\\.weight$", ""),
        Math.toIntExact(weight.shape().get(1)),
        Math.toIntExact(weight.shape().get(0)),
        relu);
  }
}
