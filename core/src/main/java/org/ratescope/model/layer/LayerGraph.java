package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The layers of an encoder or a decoder. Each reads what earlier layers computed, or the network's
 * input; the last one's output is the network's. An architecture adds its layers to it.
 */
public final class LayerGraph {
  /** The source that stands for the network's input. */
  public static final int INPUT = -1;

  private final ImageShape input;
  private final boolean readsImages;
  private final RowAllocator row;
  private final List<Node> nodes = new ArrayList<>();

  /** A layer and the numbers of the layers that it reads. */
  public record Node(LayerSpec layer, List<Integer> sources) {
    public Node {
      sources = List.copyOf(sources);
    }
  }

  /**
   * A network without layers.
   *
   * @param input what it reads
   * @param readsImages whether these are images, which have no gradient and may be mostly zeros
   * @param row where its parameters get their places
   */
  public LayerGraph(ImageShape input, boolean readsImages, RowAllocator row) {
    this.input = input;
    this.readsImages = readsImages;
    this.row = row;
  }

  /** What the network reads. */
  public ImageShape input() {
    return input;
  }

  /** What the network computes so far: the output of the last layer. */
  public ImageShape output() {
    return shape(last());
  }

  /** Where a layer's parameters get their places. */
  public RowAllocator row() {
    return row;
  }

  /** The number of the last layer, {@link #INPUT} if there is none. */
  public int last() {
    return nodes.size() - 1;
  }

  /**
   * Adds a fully connected layer that reads the last layer, as a vector.
   *
   * @return its number
   */
  public int dense(String name, ImageShape output, boolean relu) {
    return dense(List.of(name), this.output(), output, relu);
  }

  /**
   * The same for several layers of equal width side by side.
   *
   * @param names their names in PyTorch
   * @param input the shape in which the layer sees the last layer's output; images are a vector,
   *     plane by plane
   */
  public int dense(List<String> names, ImageShape input, ImageShape output, boolean relu) {
    boolean first = readsImages && nodes.isEmpty();
    ImageShape seen = first ? ImageShape.vector(input.dimensions()) : input;
    return add(DenseSpec.of(row, names, seen, output, relu, first), last());
  }

  /**
   * Adds a layer that reads those layers.
   *
   * @return its number
   */
  public int add(LayerSpec layer, int... sources) {
    for (int source : sources) {
      if (!(source >= INPUT
          && source < nodes.size()
          && shape(source).dimensions() == layer.input().dimensions())) {
        throw new IllegalArgumentException(
            "layer %s reads %s values from layer %s, which does not compute so many"
                .formatted(nodes.size(), layer.input().dimensions(), source));
      }
    }
    nodes.add(new Node(layer, IntStream.of(sources).boxed().toList()));
    return last();
  }

  private ImageShape shape(int source) {
    return source == INPUT ? input : nodes.get(source).layer().output();
  }

  /** The layers, each after those that it reads. */
  public List<LayerSpec> layers() {
    return nodes.stream().map(Node::layer).toList();
  }

  /** The layers with the numbers of those that they read. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }
}
