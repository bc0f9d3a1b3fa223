package org.ratescope.model;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.architecture.NetworkArchitecture;
import org.ratescope.model.layer.DenseSpec;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.LayerSpec;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.model.layer.RowAllocator;
import org.ratescope.model.prior.LatentDistribution;
import org.ratescope.model.prior.Normal;
import org.ratescope.model.prior.PriorBinding;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;

/**
 * The layers and the prior of a model, and where their parameters are in a run's row of P values:
 * first those of the encoder with its heads of mean and log variance side by side, then those of
 * the decoder, then those of the prior.
 */
public final class ParameterLayout {
  private final LayerGraph encoder;
  private final LayerGraph decoder;
  private final LatentDistribution prior;
  private final List<ParameterGroup> priorParameters;
  private final int latentSize;
  private final long size;

  private ParameterLayout(
      NetworkArchitecture architecture,
      ImageShape images,
      int latentSize,
      LatentDistribution prior) {
    RowAllocator row = new RowAllocator();
    this.latentSize = latentSize;
    this.prior = prior;
    encoder = new LayerGraph(images, true, row);
    architecture.encoder(encoder);
    ImageShape heads = ImageShape.vector(2 * latentSize);
    encoder.dense(List.of("mean", "logvar"), encoder.output(), heads, false);
    decoder = new LayerGraph(ImageShape.vector(latentSize), false, row);
    architecture.decoder(decoder, images);
    requireVector(architecture, decoder.layers().getLast());
    priorParameters = prior.parameters(row, latentSize, encoder.input().dimensions());
    size = row.size();
  }

  /** A fully connected layer computes channels last, and logits are read plane by plane. */
  private static void requireVector(NetworkArchitecture architecture, LayerSpec last) {
    ImageShape output = last.output();
    if (last instanceof DenseSpec
        && output.channels() > 1
        && output.height() * output.width() > 1) {
      throw new IllegalArgumentException(
          "architecture %s: the decoder's last layer is fully connected and gives %s; expected ImageShape.vector(%d), since images are read plane by plane"
              .formatted(architecture.text(), output.text(), output.dimensions()));
    }
  }

  /** The layout for a run. */
  public static ParameterLayout of(RunSpec run) {
    return of(run.architecture(), ImageShape.of(run.data()), run.latentSize(), run.prior());
  }

  /**
   * The layout for an architecture over images of that data set, with the standard normal prior.
   */
  public static ParameterLayout of(Architecture architecture, DataSpec data, int latentSize) {
    return of(architecture, ImageShape.of(data), latentSize);
  }

  /** The layout for an architecture over images of that shape, with the standard normal prior. */
  public static ParameterLayout of(Architecture architecture, ImageShape images, int latentSize) {
    return of(architecture, images, latentSize, new Normal());
  }

  /** The layout for an architecture over vectors of that many values. */
  public static ParameterLayout of(Architecture architecture, int dimensions, int latentSize) {
    return of(architecture, ImageShape.vector(dimensions), latentSize);
  }

  /** The layout for an architecture over images of that shape, with that prior. */
  public static ParameterLayout of(
      Architecture architecture, ImageShape images, int latentSize, Prior prior) {
    NetworkArchitecture network = NetworkArchitecture.of(architecture);
    ImageShape seen = network.readsPlanes() ? images : ImageShape.vector(images.dimensions());
    return new ParameterLayout(network, seen, latentSize, LatentDistribution.of(prior));
  }

  /** The encoder, whose last layer is the pair of heads. */
  public LayerGraph encoderGraph() {
    return encoder;
  }

  /** The decoder, whose last layer gives the logits. */
  public LayerGraph decoderGraph() {
    return decoder;
  }

  /** Layers of the encoder, first to last; the last is the pair of heads. */
  public List<LayerSpec> encoder() {
    return encoder.layers();
  }

  /** Layers of the decoder, first to last; the last gives the logits. */
  public List<LayerSpec> decoder() {
    return decoder.layers();
  }

  /** All layers, encoder first. */
  public List<LayerSpec> layers() {
    return Stream.concat(encoder().stream(), decoder().stream()).toList();
  }

  /** The distribution p(z) of the codes. */
  public LatentDistribution prior() {
    return prior;
  }

  /** The prior's parameters, which stand last in a row. */
  public List<ParameterGroup> priorParameters() {
    return priorParameters;
  }

  /** The prior of K runs by itself, without encoder and decoder. */
  public PriorDensity bindPrior(Parameters values, @Nullable Parameters gradients, Tensor images) {
    return prior.bind(
        new PriorBinding(
            priorParameters,
            values.rows(),
            gradients == null ? null : gradients.rows(),
            encoder,
            images));
  }

  /** The prior's parameter that starts from training images, should it have one. [images, D] */
  public ParameterView startImages() {
    return priorParameters.getFirst().views().getFirst();
  }

  /** All parameters, those of the encoder first. */
  public List<ParameterGroup> groups() {
    return Stream.concat(
            layers().stream().flatMap(layer -> layer.parameters().stream()),
            priorParameters.stream())
        .toList();
  }

  /** Values of a latent code. */
  public int latentSize() {
    return latentSize;
  }

  /** Values of one image. */
  public int dimensions() {
    return encoder.input().dimensions();
  }

  /** P, the length of a run's row, with padding. */
  public long size() {
    return size;
  }

  /** Number of trainable parameters, without padding. */
  public long parameters() {
    return groups().stream().mapToLong(ParameterGroup::count).sum();
  }

  /**
   * Floating-point operations of the products of one training step of one run: forward, and the
   * gradients of weights and inputs, but for the images, and what the prior does with the encoder.
   */
  public long trainingOperations(int batch) {
    long perExample = 3 * forwardOperations() - 2 * encoder().getFirst().multiplications();
    return batch * perExample + prior.encoderOperations(encoder);
  }

  /**
   * Floating-point operations of the products of one update of one model. The time of an update is
   * nearly proportional to them.
   */
  public static double operationsPerStep(RunSpec run) {
    return of(run).trainingOperations(run.training().batch());
  }

  /** Floating-point operations of the products of one pass through the model for each example. */
  public long forwardOperations() {
    return 2 * layers().stream().mapToLong(LayerSpec::multiplications).sum();
  }
}
