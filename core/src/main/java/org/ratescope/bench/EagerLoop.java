package org.ratescope.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Reduction;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.architecture.Cnn;
import org.ratescope.model.architecture.Mlp;
import org.ratescope.model.architecture.ResidualMlp;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.convolution.ConvolutionSpec;
import org.ratescope.spec.Architecture;

/**
 * The same model trained as a PyTorch user writes it: one model, autograd, {@code
 * binary_cross_entropy_with_logits}, noise from libtorch's own generator, {@code
 * torch::optim::Adam} with amsgrad. The peer that Ratescope's step is measured against, on the same
 * libtorch and the same BLAS.
 */
final class EagerLoop {
  private static final long[] STRIDE = {ConvolutionSpec.STRIDE, ConvolutionSpec.STRIDE};
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  private final Architecture architecture;
  private final ImageShape images;
  private final double beta;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Adam optimizer;

  /**
   * The loop of one model that starts with those weights.
   *
   * @param initial one run's weights, which are copied
   */
  EagerLoop(Architecture architecture, ImageShape images, double beta, Parameters initial) {
    this.architecture = architecture;
    this.images = images;
    this.beta = beta;
    TensorVector leaves = new TensorVector();
    WeightsFile.copies(initial, 0)
        .forEach(
            (name, copy) -> {
              Tensor leaf = copy.detach().set_requires_grad(true);
              parameters.put(name, leaf);
              leaves.push_back(leaf);
            });
    AdamOptions options = new AdamOptions(1e-3);
    options.amsgrad().put(true);
    optimizer = new Adam(leaves, options);
  }

  /** Whether a user's loop is written for that architecture. */
  static boolean knows(Architecture architecture) {
    return architecture instanceof Mlp
        || architecture instanceof Cnn
        || architecture instanceof ResidualMlp;
  }

  /** One update on a batch. [B, D] */
  void step(Tensor x) {
    try (PointerScope scope = new PointerScope()) {
      Posterior posterior = encode(x);
      Tensor loss = loss(x, posterior, torch.randn_like(posterior.mean()));
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
  }

  /** The batch mean of D + β R, in nats, with that noise [B, L]. */
  Tensor loss(Tensor x, Tensor noise) {
    return loss(x, encode(x), noise);
  }

  /** What is trained, with PyTorch's names. */
  Map<String, Tensor> parameters() {
    return parameters;
  }

  /** Mean and log variance. [B, L] each */
  private record Posterior(Tensor mean, Tensor logVar) {}

  private Tensor loss(Tensor x, Posterior posterior, Tensor noise) {
    Tensor deviation = torch.exp(posterior.logVar().mul(new Scalar(0.5)));
    Tensor codes = posterior.mean().add(noise.mul(deviation));
    Tensor logits = decode(codes);
    Scalar perExample = new Scalar(1.0 / x.size(0));
    Tensor distortion =
        torch
            .binary_cross_entropy_with_logits(
                logits, x, new TensorOptional(), new TensorOptional(), Reduction.Sum.value)
            .mul(perExample);
    Tensor rate =
        posterior
            .mean()
            .square()
            .add(posterior.logVar().exp())
            .sub(new Scalar(1.0))
            .sub(posterior.logVar())
            .sum()
            .mul(new Scalar(0.5))
            .mul(perExample);
    return distortion.add(rate.mul(new Scalar(beta)));
  }

  private Posterior encode(Tensor x) {
    Tensor hidden =
        switch (architecture) {
          case Mlp mlp -> layers("encoder.", x);
          case ResidualMlp blocks -> blocks("encoder.", x);
          case Cnn cnn -> {
            Tensor planes = planes(x);
            for (int i = 0; i < cnn.layers(); i++) {
              planes = torch.relu(convolution("encoder." + i, planes));
            }
            yield planes;
          }
          default -> throw new IllegalStateException(architecture.text());
        };
    Tensor flat = hidden.flatten(1, -1);
    return new Posterior(linear("mean", flat), linear("logvar", flat));
  }

  private Tensor decode(Tensor codes) {
    int layers = architecture.layers();
    return switch (architecture) {
      case Mlp mlp -> linear("decoder." + layers, layers("decoder.", codes));
      case ResidualMlp mlp -> linear("decoder." + (layers + 1), blocks("decoder.", codes));
      case Cnn cnn -> {
        long height = images.height() >> layers;
        long width = images.width() >> layers;
        Tensor hidden = torch.relu(linear("decoder.0", codes)).view(-1, cnn.width(), height, width);
        for (int i = 1; i < layers; i++) {
          hidden = torch.relu(transposed("decoder." + i, hidden));
        }
        yield transposed("decoder." + layers, hidden).flatten(1, -1);
      }
      default -> throw new IllegalStateException(architecture.text());
    };
  }

  private Tensor layers(String prefix, Tensor x) {
    Tensor hidden = x;
    for (int i = 0; i < architecture.layers(); i++) {
      hidden = torch.relu(linear(prefix + i, hidden));
    }
    return hidden;
  }

  private Tensor blocks(String prefix, Tensor x) {
    Tensor hidden = torch.relu(linear(prefix + 0, x));
    for (int i = 1; i <= architecture.layers(); i++) {
      Tensor inner = torch.relu(linear(prefix + i + ".hidden", hidden));
      hidden = hidden.add(linear(prefix + i + ".output", inner));
    }
    return hidden;
  }

  private Tensor planes(Tensor x) {
    return x.view(x.size(0), images.channels(), images.height(), images.width());
  }

  private Tensor linear(String name, Tensor x) {
    return torch.linear(x, weight(name), bias(name));
  }

  private Tensor convolution(String name, Tensor x) {
    return torch.conv2d(x, weight(name), bias(name), STRIDE, ONE, ONE, 1);
  }

  private Tensor transposed(String name, Tensor x) {
    return torch.conv_transpose2d(x, weight(name), bias(name), STRIDE, ONE, NONE, 1, ONE);
  }

  private Tensor weight(String name) {
    return Objects.requireNonNull(parameters.get(name + ".weight"), name);
  }

  private TensorOptional bias(String name) {
    return new TensorOptional(Objects.requireNonNull(parameters.get(name + ".bias"), name));
  }
}
