package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/**
 * The paper's networks against the same network written as one would in PyTorch: libtorch's {@code
 * conv2d}, {@code conv_transpose2d}, {@code linear}, {@code flatten} and its autograd, in float64,
 * over PyTorch-shaped weights.
 */
class CnnParityTest {
  private static final int BATCH = 4;
  private static final int LATENT = 10;
  private static final double BETA = 0.7;
  private static final long[] STRIDE = {2, 2};
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  /** Images, layers and the first layer's padding, as Table A1 has them. */
  @ParameterizedTest
  @CsvSource({"3, 32, 3, 1", "3, 32, 1, 1", "1, 28, 2, 3", "1, 28, 3, 3", "3, 64, 3, 1"})
  void valuesAndGradientsAreAutograds(int channels, int side, int layers, int padding) {
    ParameterLayout layout =
        ParameterLayout.of(
            Architecture.parse("cnn:%sx64".formatted(layers)),
            new ImageShape(channels, side, side),
            LATENT);
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 1);
      parameters.initialize(0, 3);
      Autograd expected = new Autograd(parameters, channels, side, layers, padding);
      Parameters gradients = check(parameters, expected, 1e-11);
      WeightsFile.views(gradients, 0)
          .forEach(
              (name, view) -> close(name, Tensors.doubles(view), expected.gradient(name), 1e-10));

      Parameters single = Parameters.zeros(layout, ScalarType.Float, 1);
      single.rows().copy_(parameters.rows());
      Parameters rounded = check(single, expected, 2e-5);
      WeightsFile.views(rounded, 0)
          .forEach(
              (name, view) -> close(name, Tensors.doubles(view), expected.gradient(name), 2e-5));
    }
  }

  /** Compares the values, and gives the gradients. */
  private static Parameters check(Parameters parameters, Autograd expected, double tolerance) {
    ScalarType type = Tensors.type(parameters.rows());
    Parameters gradients = Parameters.zeros(parameters.layout(), type, 1);
    Vae vae = Vae.forTraining(parameters, gradients, BATCH, Likelihood.parse("bernoulli"));
    vae.images().copy_(expected.images().view(1, BATCH, -1));
    vae.noise().copy_(expected.noise().view(1, BATCH, -1));
    vae.forward();
    vae.backward(ObjectiveWeights.of(vae, List.of(Objective.beta(BETA)), new int[] {100}));
    close("logits", Tensors.doubles(vae.logits()), Tensors.doubles(expected.logits()), tolerance);
    close("mean", Tensors.doubles(vae.mean()), Tensors.doubles(expected.mean()), tolerance);
    // a small difference of numbers near 1
    assertThat(difference(Tensors.doubles(vae.rate()), Tensors.doubles(expected.rate())))
        .isLessThan(tolerance);
    return gradients;
  }

  /** Differences are small beside the largest value. */
  private static void close(String name, double[] values, double[] expected, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(largest).as(name).isPositive();
    assertThat(difference(values, expected)).as(name).isLessThan(tolerance * largest);
  }

  private static double difference(double[] values, double[] expected) {
    assertThat(values).hasSameSizeAs(expected);
    return IntStream.range(0, values.length)
        .mapToDouble(i -> Math.abs(values[i] - expected[i]))
        .max()
        .orElseThrow();
  }

  /** The network in PyTorch's words. */
  private static final class Autograd {
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Tensor images;
    private final Tensor noise;
    private final Tensor mean;
    private final Tensor rate;
    private final Tensor logits;

    Autograd(Parameters parameters, int channels, int side, int layers, int padding) {
      for (Map.Entry<String, Tensor> view : WeightsFile.views(parameters, 0).entrySet()) {
        Tensor leaf = view.getValue().contiguous().clone();
        weights.put(view.getKey(), leaf.set_requires_grad(true));
      }
      images = uniform(BATCH, channels, side, side);
      noise = uniform(BATCH, LATENT).sub_(new Scalar(0.5)).mul_(new Scalar(3.0));
      Tensor h = images;
      for (int i = 0; i < layers; i++) {
        String name = "encoder." + i;
        h =
            torch.relu(
                torch.conv2d(
                    h, get(name + ".weight"), bias(name), STRIDE, pad(i, padding), ONE, 1));
      }
      long sideAfter = h.size(2);
      h = h.flatten(1, 3);
      mean = linear("mean", h);
      Tensor logVar = linear("logvar", h);
      Tensor z = mean.add(logVar.mul(new Scalar(0.5)).exp().mul(noise));
      rate =
          mean.square()
              .add(logVar.exp())
              .sub(logVar)
              .sub(new Scalar(1.0))
              .sum(1L)
              .mul(new Scalar(0.5));
      Tensor y = torch.relu(linear("decoder.0", z)).view(BATCH, 64, sideAfter, sideAfter);
      for (int i = 1; i <= layers; i++) {
        String name = "decoder." + i;
        y =
            torch.conv_transpose2d(
                y,
                get(name + ".weight"),
                bias(name),
                STRIDE,
                pad(layers - i, padding),
                NONE,
                1,
                ONE);
        y = i < layers ? torch.relu(y) : y;
      }
      logits = y;
      Tensor distortion = torch.softplus(y).sub(images.mul(y)).sum();
      distortion.add(rate.sum().mul(new Scalar(BETA))).mul(new Scalar(1.0 / BATCH)).backward();
    }

    private static long[] pad(int layer, int first) {
      return layer == 0 ? new long[] {first, first} : ONE;
    }

    private static Tensor uniform(long... shape) {
      double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      Arrays.setAll(values, RunRandom.of(8, RunRandom.Stream.NOISE, shape.length)::uniform);
      return Tensors.tensor(ScalarType.Double, values, shape);
    }

    /** Weights of a Linear beside a convolution are views of more axes, in PyTorch's order. */
    private Tensor linear(String name, Tensor x) {
      Tensor bias = get(name + ".bias").flatten();
      return torch.linear(
          x, get(name + ".weight").reshape(bias.size(0), -1), new TensorOptional(bias));
    }

    private TensorOptional bias(String name) {
      return new TensorOptional(get(name + ".bias"));
    }

    private Tensor get(String name) {
      return Objects.requireNonNull(weights.get(name), name);
    }

    double[] gradient(String name) {
      return Tensors.doubles(get(name).grad());
    }

    Tensor images() {
      return images;
    }

    Tensor noise() {
      return noise;
    }

    Tensor mean() {
      return mean.detach();
    }

    Tensor rate() {
      return rate.detach();
    }

    Tensor logits() {
      return logits.detach();
    }
  }
}
