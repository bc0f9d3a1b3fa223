package org.ratescope.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.model.likelihood.Bernoulli;
import org.ratescope.model.likelihood.ContinuousBernoulli;
import org.ratescope.model.likelihood.Gaussian;
import org.ratescope.model.likelihood.PixelDistribution;
import org.ratescope.spec.Likelihood;
import org.ratescope.tensor.Tensors;

/** A VAE in plain Java loops over PyTorch-shaped weights: the independent twin of {@link Vae}. */
public final class SlowVae {
  private final Map<String, double[]> tensors;
  private final int layers;

  /** The losses of one example in nats. */
  public record Losses(double distortion, double rate) {}

  private SlowVae(Map<String, double[]> tensors, int layers) {
    this.tensors = tensors;
    this.layers = layers;
  }

  /** The model of a run. */
  public static SlowVae of(Parameters parameters, int run) {
    Map<String, double[]> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> view : WeightsFile.views(parameters, run).entrySet()) {
      tensors.put(view.getKey(), Tensors.doubles(view.getValue()));
    }
    return new SlowVae(tensors, parameters.layout().decoder().size() - 1);
  }

  /** The losses of an image with that latent noise. */
  public Losses losses(double[] x, double[] noise, Likelihood likelihood) {
    double[] hidden = hidden("encoder.", x);
    double[] mean = linear("mean", hidden);
    double[] logVar = linear("logvar", hidden);
    double rate = 0;
    double[] z = new double[mean.length];
    for (int l = 0; l < z.length; l++) {
      z[l] = mean[l] + Math.sqrt(Math.exp(logVar[l])) * noise[l];
      rate += 0.5 * (mean[l] * mean[l] + Math.exp(logVar[l]) - 1 - logVar[l]);
    }
    double[] logits = linear("decoder." + layers, hidden("decoder.", z));
    return new Losses(distortion(x, logits, likelihood), rate);
  }

  static double distortion(double[] x, double[] output, Likelihood likelihood) {
    double distortion = 0;
    for (int j = 0; j < x.length; j++) {
      distortion -=
          switch (PixelDistribution.of(likelihood)) {
            case Bernoulli bernoulli -> {
              double p = 1 / (1 + Math.exp(-output[j]));
              yield x[j] * Math.log(p) + (1 - x[j]) * Math.log(1 - p);
            }
            case ContinuousBernoulli continuous -> {
              double p = 1 / (1 + Math.exp(-output[j]));
              yield x[j] * Math.log(p) + (1 - x[j]) * Math.log(1 - p) - Math.log(integral(p));
            }
            case Gaussian gaussian -> {
              double sd = Math.sqrt(gaussian.variance());
              double u = (x[j] - output[j]) / sd;
              yield Math.log(Math.exp(-u * u / 2) / (sd * Math.sqrt(2 * Math.PI)));
            }
            default -> throw new IllegalArgumentException(likelihood.text());
          };
    }
    return distortion;
  }

  /** What p^x (1 − p)^(1 − x) integrates to over x from 0 to 1, by Simpson's rule. */
  static double integral(double p) {
    int intervals = 2000;
    double sum = 0;
    for (int i = 0; i <= intervals; i++) {
      double x = (double) i / intervals;
      int weight = i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.pow(p, x) * Math.pow(1 - p, 1 - x);
    }
    return sum / (3 * intervals);
  }

  /** Mean and log variance of one example, one after the other. */
  double[] posterior(double[] x) {
    double[] hidden = hidden("encoder.", x);
    double[] mean = linear("mean", hidden);
    double[] logVar = linear("logvar", hidden);
    double[] both = Arrays.copyOf(mean, mean.length + logVar.length);
    System.arraycopy(logVar, 0, both, mean.length, logVar.length);
    return both;
  }

  private double[] hidden(String stack, double[] x) {
    double[] h = x;
    for (int i = 0; i < layers; i++) {
      h = linear(stack + i, h);
      for (int j = 0; j < h.length; j++) {
        h[j] = Math.max(0, h[j]);
      }
    }
    return h;
  }

  private double[] linear(String name, double[] x) {
    double[] weight = Objects.requireNonNull(tensors.get(name + ".weight"));
    double[] y = Objects.requireNonNull(tensors.get(name + ".bias")).clone();
    for (int out = 0; out < y.length; out++) {
      for (int in = 0; in < x.length; in++) {
        y[out] += weight[out * x.length + in] * x[in];
      }
    }
    return y;
  }
}
