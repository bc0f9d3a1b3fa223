package org.ratescope.model.prior;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ratescope.model.layer.Binding;
import org.ratescope.model.layer.LayerGraph;
import org.ratescope.model.layer.LayerSpec;
import org.ratescope.model.layer.Network;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.tensor.Tensors;

/**
 * The posteriors q(z|u_c) of C images for each of K runs, by the runs' encoders, and the gradients
 * that flow back through these. The encoder's parameters are those of the runs' rows; its gradients
 * have a place of their own, since the pass over the batch writes over what it finds.
 */
final class EncodedImages {
  private final Tensor images; // [K, C, D]
  private final Network encoder;
  private final @Nullable Tensor gradientRows; // [K, P], the runs'
  private final @Nullable Tensor gradients; // [K, the encoder's part of P]
  private boolean isReady;

  EncodedImages(PriorBinding binding, int count) {
    long k = binding.rows().size(0);
    images = Tensors.zeros(binding.rows(), k, count, binding.encoder().input().dimensions());
    gradientRows = binding.gradientRows();
    gradients =
        gradientRows == null ? null : Tensors.zeros(gradientRows, k, rowSize(binding.encoder()));
    encoder =
        new Network(
            binding.encoder(),
            new Binding(
                binding.rows(),
                gradients,
                binding.trains() ? Binding.Backward.PARAMETERS : Binding.Backward.NONE,
                false,
                List.of(images)));
  }

  /** The encoder stands first in a row: where its last parameter ends. */
  private static long rowSize(LayerGraph encoder) {
    return encoder.layers().stream()
        .flatMap(layer -> layer.parameters().stream())
        .flatMap(group -> group.views().stream())
        .mapToLong(EncodedImages::end)
        .max()
        .orElse(0);
  }

  private static long end(ParameterView view) {
    return 1
        + view.offset()
        + view.axes().stream().mapToLong(axis -> (axis.size() - 1) * axis.stride()).sum();
  }

  /** Values for each run: the images, the layers' buffers, and the encoder's second gradients. */
  static long heldValues(LayerGraph encoder, int count) {
    long layers = encoder.layers().stream().mapToLong(l -> l.values() + l.gradientValues()).sum();
    return count * (2L * encoder.input().dimensions() + layers) + rowSize(encoder);
  }

  /**
   * Floating-point operations of the products of one training step: forward, and the gradients of
   * weights and inputs.
   *
   * @param trainsImages whether the gradient of the images is among them
   */
  static long operations(LayerGraph encoder, int count, boolean trainsImages) {
    long all = encoder.layers().stream().mapToLong(LayerSpec::multiplications).sum();
    long ofImages = trainsImages ? 0 : encoder.layers().getFirst().multiplications();
    return 2L * count * (3 * all - ofImages);
  }

  /** Where the caller writes the images before {@link #forward}. [K, C, D] */
  Tensor images() {
    return images;
  }

  /** Encodes the images. */
  void forward() {
    encoder.forward();
    isReady = true;
  }

  /** Whether the images were encoded. */
  boolean isReady() {
    return isReady;
  }

  /** Posterior means. [K, C, L] */
  Tensor mean() {
    return half(encoder.output(), 0);
  }

  /** Posterior log variances. [K, C, L] */
  Tensor logVar() {
    return half(encoder.output(), 1);
  }

  private static Tensor half(Tensor heads, int which) {
    long latentSize = heads.size(2) / 2;
    return heads.narrow(2, which * latentSize, latentSize);
  }

  /**
   * Carries gradients back to the encoder's parameters and, where requested, to the images.
   *
   * @param mean d / d mean [K, C, L]
   * @param logVar d / d logVar [K, C, L]; null for 0
   * @param imageGradient where d / d images is written [K, C, D]
   */
  void backward(Tensor mean, @Nullable Tensor logVar, @Nullable Tensor imageGradient) {
    half(encoder.outputGradient(), 0).copy_(mean);
    if (logVar == null) {
      half(encoder.outputGradient(), 1).zero_();
    } else {
      half(encoder.outputGradient(), 1).copy_(logVar);
    }
    encoder.backward(imageGradient);
  }

  /** Adds the gradients of {@link #backward} to the runs'. */
  void addEncoderGradient() {
    if (gradients != null && gradientRows != null) {
      gradientRows.narrow(1, 0, gradients.size(1)).add_(gradients);
    }
  }
}
