package org.ratescope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.prior.FlowPrior;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Libtorch;
import org.ratescope.tensor.Tensors;

/** The flow against its equations written out in Java, for float64 weights off their start. */
class FlowPriorTest {
  private static final int HIDDEN = 64;

  @BeforeAll
  static void load() {
    Libtorch.useOneThread();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "1, 3", "6, 3", "6, 2", "3, 5"})
  void itIsInvertibleAndItsLogDeterminantIsThatOfTheJacobian(int couplings, int latentSize) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = parameters(couplings, latentSize);
      Map<String, Tensor> views = WeightsFile.views(parameters, 0);
      PriorDensity density =
          Vae.forEvaluation(parameters, 1, Likelihood.parse("bernoulli")).prior();
      for (int n = 0; n < 20; n++) {
        double[] noise = new double[latentSize];
        RunRandom.of(n, RunRandom.Stream.NOISE, 0).normals(noise, 0, latentSize);
        double[] z = noise.clone();
        density.sample(z, 0, latentSize, () -> 0.5);
        assertThat(forward(views, couplings, z)).containsExactly(noise, within(1e-5));
        double logDensity =
            -0.5 * latentSize * Math.log(2 * Math.PI) + logDeterminant(views, couplings, z);
        for (double u : noise) {
          logDensity -= 0.5 * u * u;
        }
        Tensor like = Tensors.zeros(ScalarType.Double, 1, 1, latentSize);
        assertThat(density.logDensities(like, z)[0]).isCloseTo(logDensity, within(1e-5));
      }
    }
  }

  private static Parameters parameters(int couplings, int latentSize) {
    ParameterLayout layout =
        ParameterLayout.of(
            Architecture.parse("mlp:1x4"),
            ImageShape.vector(5),
            latentSize,
            new FlowPrior(couplings));
    Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 1);
    parameters.initialize(0, 3);
    for (Tensor view : WeightsFile.views(parameters, 0).values()) {
      double[] moves = new double[Math.toIntExact(view.numel())];
      RunRandom.of(8, RunRandom.Stream.NOISE, moves.length).normals(moves, 0, moves.length);
      view.add_(
          Tensors.tensor(ScalarType.Double, moves, moves.length)
              .view_as(view)
              .mul_(new Scalar(0.1)));
    }
    return parameters;
  }

  /** f(z), one sum after the other. */
  private static double[] forward(Map<String, Tensor> views, int couplings, double[] code) {
    double[] z = code.clone();
    for (int i = 0; i < couplings; i++) {
      double[] kept = new double[z.length];
      for (int l = i % 2; l < z.length; l += 2) {
        kept[l] = z[l];
      }
      double[] hidden = affine(views, "prior." + i + ".hidden", kept, HIDDEN);
      for (int h = 0; h < HIDDEN; h++) {
        hidden[h] = Math.max(0, hidden[h]);
      }
      double[] raw = affine(views, "prior." + i + ".output", hidden, 2 * z.length);
      for (int l = 0; l < z.length; l++) {
        if (l % 2 != i % 2) {
          z[l] = z[l] * Math.exp(2 * Math.tanh(raw[l] / 2)) + raw[z.length + l];
        }
      }
    }
    return z;
  }

  private static double[] affine(Map<String, Tensor> views, String name, double[] x, int out) {
    double[] weight = Tensors.doubles(Objects.requireNonNull(views.get(name + ".weight")));
    double[] y = Tensors.doubles(Objects.requireNonNull(views.get(name + ".bias")));
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += weight[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  /** log |det| of central differences of f, by Gaussian elimination with row exchanges. */
  private static double logDeterminant(Map<String, Tensor> views, int couplings, double[] z) {
    int n = z.length;
    double[][] jacobian = new double[n][n];
    double h = 1e-6;
    for (int j = 0; j < n; j++) {
      double[] up = z.clone();
      double[] down = z.clone();
      up[j] += h;
      down[j] -= h;
      double[] high = forward(views, couplings, up);
      double[] low = forward(views, couplings, down);
      for (int i = 0; i < n; i++) {
        jacobian[i][j] = (high[i] - low[i]) / (2 * h);
      }
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      int pivot = i;
      for (int r = i + 1; r < n; r++) {
        pivot = Math.abs(jacobian[r][i]) > Math.abs(jacobian[pivot][i]) ? r : pivot;
      }
      double[] row = jacobian[pivot];
      jacobian[pivot] = jacobian[i];
      jacobian[i] = row;
      sum += Math.log(Math.abs(row[i]));
      for (int r = i + 1; r < n; r++) {
        double factor = jacobian[r][i] / row[i];
        for (int c = i; c < n; c++) {
          jacobian[r][c] -= factor * row[c];
        }
      }
    }
    return sum;
  }
}
