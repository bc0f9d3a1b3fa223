package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.tensor.Tensors;

/**
 * A network of K runs for batches of one size. Where several layers read the same values, the
 * gradients that they give are added.
 */
public final class Network {
  private final List<Step> steps = new ArrayList<>(); // each after those that it reads

  /** A layer, and where the gradient of each of its inputs goes. */
  private record Step(Layer layer, List<Target> targets) {}

  /**
   * Where the gradient of an input goes.
   *
   * @param written what the layer writes; null where it writes to {@code sum}
   * @param sum the gradient over all layers that read that input; null where none is wanted, and
   *     for the network's input, whose gradient's place the caller gives
   * @param isInput whether the input is the network's
   */
  private record Target(@Nullable Tensor written, @Nullable Tensor sum, boolean isInput) {

    /** The gradient over all readers, null if none is wanted. */
    @Nullable Tensor sum(@Nullable Tensor inputGradient) {
      return isInput ? inputGradient : sum;
    }
  }

  /**
   * The network with that input.
   *
   * @param binding parameters, and the network's input [K, B, in]
   */
  public Network(LayerGraph graph, Binding binding) {
    List<Layer> layers = new ArrayList<>();
    for (LayerGraph.Node node : graph.nodes()) {
      List<Tensor> inputs =
          node.sources().stream()
              .map(s -> s == LayerGraph.INPUT ? binding.input() : layers.get(s).output())
              .toList();
      layers.add(node.layer().bind(binding.reading(inputs)));
    }
    boolean[] written = new boolean[layers.size()];
    boolean inputIsRead = false;
    for (int i = layers.size() - 1; i >= 0; i--) { // the last reader writes first
      List<Target> targets = new ArrayList<>();
      for (int source : graph.nodes().get(i).sources()) {
        if (source == LayerGraph.INPUT) {
          if (graph.nodes().get(i).sources().size() > 1) {
            throw new IllegalArgumentException(
                "a layer that reads a network's input reads nothing else");
          }
          boolean wanted = binding.backward() != Binding.Backward.NONE;
          targets.add(target(wanted ? binding.input() : null, inputIsRead, true));
          inputIsRead = true;
        } else {
          targets.add(target(layers.get(source).outputGradient(), written[source], false));
          written[source] = true;
        }
      }
      steps.addFirst(new Step(layers.get(i), targets));
    }
  }

  /** A layer that is not the first to write gets a buffer of its own, which is added. */
  private static Target target(@Nullable Tensor like, boolean isWritten, boolean isInput) {
    Tensor own = like != null && isWritten ? Tensors.zeros(like, sizes(like)) : null;
    return new Target(own, isInput ? null : like, isInput);
  }

  private static long[] sizes(Tensor tensor) {
    return new long[] {tensor.size(0), tensor.size(1), tensor.size(2)};
  }

  /** What the last layer computed. [K, B, out] */
  public Tensor output() {
    return steps.getLast().layer().output();
  }

  /** Where d loss / d output is written before {@link #backward}. [K, B, out] */
  public Tensor outputGradient() {
    Tensor gradient = steps.getLast().layer().outputGradient();
    if (gradient == null) {
      throw new IllegalStateException("this network was made without gradients");
    }
    return gradient;
  }

  public void forward() {
    for (Step step : steps) {
      step.layer().forward();
    }
  }

  /** The gradients of the parameters and, where requested, of the input. */
  public void backward(@Nullable Tensor inputGradient) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      List<Tensor> gradients = new ArrayList<>();
      for (Target target : step.targets()) {
        Tensor sum = target.sum(inputGradient);
        if (sum != null) {
          gradients.add(target.written() == null ? sum : target.written());
        }
      }
      step.layer().backward(gradients);
      for (Target target : step.targets()) {
        Tensor sum = target.sum(inputGradient);
        if (sum != null && target.written() != null) {
          sum.add_(target.written());
        }
      }
    }
  }
}
