package org.ratescope.model;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.prior.ExemplarPrior;
import org.ratescope.model.prior.FlowPrior;
import org.ratescope.model.prior.GaussianPrior;
import org.ratescope.model.prior.MixturePrior;
import org.ratescope.model.prior.Normal;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.model.prior.VampPrior;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Tensors;

/** Priors, and the parameters of two runs in float64. */
final class PriorFixture {
  static final int LATENT = 2;
  private static final int DIMENSIONS = 5;

  private PriorFixture() {}

  static Stream<Prior> priors() {
    return Stream.of(
        new Normal(),
        new LinearPrior(0),
        new LinearPrior(0.4),
        new GaussianPrior(),
        new MixturePrior(1),
        new MixturePrior(3),
        new VampPrior(3),
        new ExemplarPrior(3),
        new FlowPrior(1),
        new FlowPrior(4));
  }

  static PriorDensity evaluated(Prior prior, int latentSize) {
    Parameters parameters = parameters(prior, latentSize).range(0, 1);
    return Vae.forEvaluation(parameters, 1, Likelihood.parse("bernoulli")).prior();
  }

  /** A central difference of the function in one of its values. */
  static double difference(double[] values, int i, ToDoubleFunction<double[]> function) {
    double h = 1e-5;
    double[] moved = values.clone();
    moved[i] += h;
    double up = function.applyAsDouble(moved);
    moved[i] -= 2 * h;
    return (up - function.applyAsDouble(moved)) / (2 * h);
  }

  static Parameters parameters(Prior prior, int latentSize) {
    return parameters(
        ParameterLayout.of(
            Architecture.parse("mlp:1x4"), ImageShape.vector(DIMENSIONS), latentSize, prior));
  }

  /** Two runs, with the prior's parameters off their start; images and inputs are in [0, 1]. */
  static Parameters parameters(ParameterLayout layout) {
    Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 2);
    for (int run = 0; run < 2; run++) {
      parameters.initialize(run, 3 + run);
      long seed = 7L + run;
      boolean flow = layout.prior() instanceof FlowPrior; // 64 weights add up
      WeightsFile.views(parameters, run)
          .forEach(
              (name, view) -> {
                int count = Math.toIntExact(view.numel());
                if (name.equals("prior.inputs") || name.equals("prior.images")) {
                  view.copy_(
                      Tensors.tensor(ScalarType.Double, uniforms(seed, count), count)
                          .view_as(view));
                } else if (name.startsWith("prior.") && !(layout.prior() instanceof LinearPrior)) {
                  Tensor moves = Tensors.tensor(ScalarType.Double, normals(seed, count), count);
                  view.add_(moves.view_as(view).mul_(new Scalar(flow ? 0.05 : 0.3)));
                }
              });
    }
    return parameters;
  }

  static double[] uniforms(long seed, int count) {
    RunRandom random = RunRandom.of(seed, RunRandom.Stream.NOISE, 0);
    double[] values = new double[count];
    Arrays.setAll(values, random::uniform);
    return values;
  }

  static double[] normals(long seed, int count) {
    double[] values = new double[count];
    RunRandom.of(seed, RunRandom.Stream.NOISE, 0).normals(values, 0, count);
    return values;
  }
}
