package org.ratescope.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Likelihood;
import org.ratescope.tensor.Tensors;

/**
 * A convolutional VAE in plain Java loops, straight from the definition of {@code Conv2d} and
 * {@code ConvTranspose2d} over PyTorch-shaped weights: the independent twin of {@link Vae}.
 */
final class SlowCnn {
  private final Map<String, double[]> tensors = new LinkedHashMap<>();
  private final List<ImageShape> shapes;

  /** What one example gives. */
  record Result(
      List<Double> mean,
      List<Double> logVar,
      List<Double> logits,
      double distortion,
      double rate) {}

  /**
   * @param shapes of the images and of what each convolution computes
   */
  SlowCnn(Parameters parameters, int run, List<ImageShape> shapes) {
    this.shapes = shapes;
    for (Map.Entry<String, Tensor> view : WeightsFile.views(parameters, run).entrySet()) {
      tensors.put(view.getKey(), Tensors.doubles(view.getValue()));
    }
  }

  Result run(double[] x, double[] noise, Likelihood likelihood) {
    int layers = shapes.size() - 1;
    double[] h = x;
    for (int i = 0; i < layers; i++) {
      h = relu(convolution("encoder." + i, h, shapes.get(i), shapes.get(i + 1)));
    }
    double[] mean = linear("mean", h);
    double[] logVar = linear("logvar", h);
    double[] z = new double[mean.length];
    double rate = 0;
    for (int l = 0; l < z.length; l++) {
      z[l] = mean[l] + Math.exp(logVar[l] / 2) * noise[l];
      rate += (mean[l] * mean[l] + Math.exp(logVar[l]) - 1 - logVar[l]) / 2;
    }
    double[] y = relu(linear("decoder.0", z));
    for (int i = layers; i > 0; i--) {
      String name = "decoder." + (layers - i + 1);
      y = transposed(name, y, shapes.get(i), shapes.get(i - 1));
      y = i > 1 ? relu(y) : y;
    }
    return new Result(
        list(mean), list(logVar), list(y), SlowVae.distortion(x, y, likelihood), rate);
  }

  /** y[o, r, c] = b[o] + Σ w[o, i, p, q] x[i, 2r + p − top, 2c + q − left]. */
  private double[] convolution(String name, double[] x, ImageShape in, ImageShape out) {
    double[] weight = get(name + ".weight");
    double[] bias = get(name + ".bias");
    int top = (2 * out.height() + 2 - in.height()) / 2;
    int left = (2 * out.width() + 2 - in.width()) / 2;
    double[] y = new double[out.channels() * out.height() * out.width()];
    for (int n = 0; n < y.length; n++) {
      int o = n / (out.height() * out.width());
      int r = n / out.width() % out.height();
      int c = n % out.width();
      y[n] = bias[o];
      for (int k = 0; k < in.channels() * 16; k++) {
        int row = 2 * r + k / 4 % 4 - top;
        int column = 2 * c + k % 4 - left;
        if (row >= 0 && row < in.height() && column >= 0 && column < in.width()) {
          y[n] +=
              weight[o * in.channels() * 16 + k]
                  * x[(k / 16 * in.height() + row) * in.width() + column];
        }
      }
    }
    return y;
  }

  /** Each x[i, r, c] is spread over y[o, 2r + p − top, 2c + q − left] with weight w[i, o, p, q]. */
  private double[] transposed(String name, double[] x, ImageShape in, ImageShape out) {
    double[] weight = get(name + ".weight");
    double[] bias = get(name + ".bias");
    int top = (2 * in.height() + 2 - out.height()) / 2;
    int left = (2 * in.width() + 2 - out.width()) / 2;
    double[] y = new double[out.channels() * out.height() * out.width()];
    for (int n = 0; n < y.length; n++) {
      y[n] = bias[n / (out.height() * out.width())];
    }
    for (int n = 0; n < x.length; n++) {
      int i = n / (in.height() * in.width());
      for (int k = 0; k < out.channels() * 16; k++) {
        int row = 2 * (n / in.width() % in.height()) + k / 4 % 4 - top;
        int column = 2 * (n % in.width()) + k % 4 - left;
        if (row >= 0 && row < out.height() && column >= 0 && column < out.width()) {
          y[(k / 16 * out.height() + row) * out.width() + column] +=
              weight[i * out.channels() * 16 + k] * x[n];
        }
      }
    }
    return y;
  }

  private double[] linear(String name, double[] x) {
    double[] weight = get(name + ".weight");
    double[] y = get(name + ".bias").clone();
    for (int out = 0; out < y.length; out++) {
      for (int in = 0; in < x.length; in++) {
        y[out] += weight[out * x.length + in] * x[in];
      }
    }
    return y;
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static double[] relu(double[] x) {
    double[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.max(0, y[i]);
    }
    return y;
  }

  private double[] get(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
