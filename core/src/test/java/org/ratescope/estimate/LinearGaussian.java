package org.ratescope.estimate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.model.LinearPrior;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.prior.Normal;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * Probabilistic principal component analysis as a VAE: x = W z + b + noise with two latent values
 * and three pixels, and a linear Gaussian encoder. All its quantities have closed forms. The linear
 * maps pass through the network's ReLU layer as relu(x) − relu(−x).
 */
public final class LinearGaussian {
  public static final int DIMENSIONS = 3;
  public static final int LATENT = 2;
  public static final double VARIANCE = 0.3;
  private static final double[][] W = {{0.9, 0.2}, {-0.4, 0.8}, {0.3, 0.5}};
  private static final double[] B = {0.4, 0.6, 0.5};

  /**
   * Encoder: mean = A (x − b), variances v. Not the true posterior, so that bounds are no
   * equalities.
   */
  private static final double[][] A = {{0.7, -0.2, 0.1}, {0.2, 0.6, 0.3}};

  private static final double[] V = {0.25, 0.4};

  /** The variance of the posterior of one latent value. */
  public static double posteriorVariance(int latent) {
    return V[latent];
  }

  private LinearGaussian() {}

  /** The model with the encoder's log variances moved by {@code logVarShift}. */
  public static TrainedModel model(double logVarShift) {
    return model(logVarShift, new Normal(), 0);
  }

  /**
   * The same with codes u = m + e^s z in place of z: the prior of u is N(m, e^2s), and p(x) stays.
   *
   * @param prior the standard normal one, a {@link LinearPrior}, {@code gaussian}, {@code
   *     mixture:1}, or with {@code start} 0 a flow, which starts at N(0, I)
   * @param start m and s of each latent value
   */
  public static TrainedModel model(double logVarShift, Prior prior, double start) {
    return model(new Encoder(A, new double[LATENT], V), logVarShift, prior, start);
  }

  /** mean = map (x − b) + shift, variances v. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  private record Encoder(double[][] map, double[] shift, double[] variances) {}

  /**
   * The model with the best encoder: the mean of p(z|x), and the reciprocals of the diagonal of its
   * precision.
   *
   * @param shift added to the mean
   */
  public static TrainedModel optimal(double[] shift, double logVarShift) {
    double[][] precision = precision(1);
    double[] variances = {1 / precision[0][0], 1 / precision[1][1]};
    double[][] map = new double[LATENT][DIMENSIONS];
    for (int j = 0; j < DIMENSIONS; j++) {
      double[] mean = posteriorMean(1, unit(j));
      map[0][j] = mean[0];
      map[1][j] = mean[1];
    }
    return model(new Encoder(map, shift, variances), logVarShift, new Normal(), 0);
  }

  private static double[] unit(int j) {
    double[] x = B.clone();
    x[j] += 1;
    return x;
  }

  /** The precision of p(z) p(x|z)^t, I + t Wᵀ W / variance. [L, L] */
  public static double[][] precision(double t) {
    double[][] precision = {{1, 0}, {0, 1}};
    for (int a = 0; a < LATENT; a++) {
      for (int b = 0; b < LATENT; b++) {
        for (double[] row : W) {
          precision[a][b] += t * row[a] * row[b] / VARIANCE;
        }
      }
    }
    return precision;
  }

  /** The mean of the Gaussian p(z) p(x|z)^t. [L] */
  public static double[] posteriorMean(double t, double[] x) {
    double[][] p = precision(t);
    double[] pull = new double[LATENT];
    for (int l = 0; l < LATENT; l++) {
      for (int j = 0; j < DIMENSIONS; j++) {
        pull[l] += t * W[j][l] * (x[j] - B[j]) / VARIANCE;
      }
    }
    double d = determinant(p);
    return new double[] {
      (p[1][1] * pull[0] - p[0][1] * pull[1]) / d, (p[0][0] * pull[1] - p[1][0] * pull[0]) / d
    };
  }

  /** The decoder's mean W z + b. [D] */
  public static double[] decoded(double[] z) {
    double[] x = B.clone();
    for (int j = 0; j < DIMENSIONS; j++) {
      x[j] += W[j][0] * z[0] + W[j][1] * z[1];
    }
    return x;
  }

  private static TrainedModel model(
      Encoder encoder, double logVarShift, Prior prior, double start) {
    ParameterLayout layout =
        ParameterLayout.of(
            Architecture.parse("mlp:1x" + 2 * DIMENSIONS),
            ImageShape.vector(DIMENSIONS),
            LATENT,
            prior);
    Parameters parameters = Parameters.zeros(layout, ScalarType.Double, 1);
    Map<String, Tensor> views = WeightsFile.views(parameters, 0);
    for (String name : List.of("prior.mean", "prior.logScale")) {
      if (views.containsKey(name)) {
        set(views, name, new double[][] {{start, start}});
      }
    }
    if (views.containsKey("prior.factor")) {
      set(views, "prior.factor", new double[][] {{start, 0}, {0, start}});
    }
    double scale = Math.exp(start);
    set(views, "encoder.0.weight", signs(DIMENSIONS));
    set(views, "mean.weight", scaled(mirrored(encoder.map), scale));
    double[] shift = new double[LATENT];
    double[] logVar = new double[LATENT];
    for (int l = 0; l < LATENT; l++) {
      logVar[l] = Math.log(encoder.variances[l]) + logVarShift + 2 * start;
      shift[l] = start + scale * encoder.shift[l];
      for (int j = 0; j < DIMENSIONS; j++) {
        shift[l] -= scale * encoder.map[l][j] * B[j];
      }
    }
    set(views, "mean.bias", new double[][] {shift});
    set(views, "logvar.bias", new double[][] {logVar});
    set(views, "decoder.0.weight", signs(LATENT));
    set(views, "decoder.1.weight", scaled(mirrored(W), 1 / scale));
    double[] bias = B.clone();
    for (int j = 0; j < DIMENSIONS; j++) {
      bias[j] -= (W[j][0] + W[j][1]) * start / scale;
    }
    set(views, "decoder.1.bias", new double[][] {bias});
    return TrainedModel.of(parameters, 0, Likelihood.parse("gaussian:" + VARIANCE));
  }

  /** x ↦ (x, −x, 0 …) for the hidden layer of 2 · DIMENSIONS units. */
  private static double[][] signs(int size) {
    double[][] weight = new double[2 * DIMENSIONS][size];
    for (int i = 0; i < size; i++) {
      weight[i][i] = 1;
      weight[size + i][i] = -1;
    }
    return weight;
  }

  /** The linear map applied to relu(x) − relu(−x). */
  private static double[][] mirrored(double[][] map) {
    double[][] weight = new double[map.length][2 * DIMENSIONS];
    int size = map[0].length;
    for (int o = 0; o < map.length; o++) {
      for (int i = 0; i < size; i++) {
        weight[o][i] = map[o][i];
        weight[o][size + i] = -map[o][i];
      }
    }
    return weight;
  }

  private static double[][] scaled(double[][] map, double factor) {
    return Arrays.stream(map)
        .map(row -> Arrays.stream(row).map(w -> factor * w).toArray())
        .toArray(double[][]::new);
  }

  private static void set(Map<String, Tensor> views, String name, double[][] values) {
    Tensor view = Objects.requireNonNull(views.get(name));
    double[] flat =
        IntStream.range(0, values.length)
            .boxed()
            .flatMapToDouble(o -> Arrays.stream(values[o]))
            .toArray();
    view.copy_(Tensors.tensor(ScalarType.Double, flat, flat.length).view_as(view));
  }

  /** Images drawn from the model: the first {@code train} rows train, the others test. */
  public static EvaluationData data(int train, int test) {
    double[] x = new double[(train + test) * DIMENSIONS];
    for (int n = 0; n < train + test; n++) {
      RunRandom random = RunRandom.of(99, RunRandom.Stream.ORDER, n);
      for (int j = 0; j < DIMENSIONS; j++) {
        x[n * DIMENSIONS + j] = B[j] + Math.sqrt(VARIANCE) * random.normal(LATENT + j);
        for (int l = 0; l < LATENT; l++) {
          x[n * DIMENSIONS + j] += W[j][l] * random.normal(l);
        }
      }
    }
    Tensor pool = Tensors.tensor(ScalarType.Float, x, train + test, DIMENSIONS);
    Partition partition = Partitions.of(train, test);
    return EvaluationData.of(new ImageTensor(pool), partition, Integer.MAX_VALUE);
  }

  /** Covariance of x: W Wᵀ + variance · I. */
  static double[][] covariance() {
    double[][] c = new double[DIMENSIONS][DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      for (int j = 0; j < DIMENSIONS; j++) {
        c[i][j] = (i == j ? VARIANCE : 0) + W[i][0] * W[j][0] + W[i][1] * W[j][1];
      }
    }
    return c;
  }

  /** log N(x; b, W Wᵀ + variance · I), by Gaussian elimination. */
  public static double logMarginal(double[] x) {
    double[][] c = covariance();
    double[] y = new double[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      y[i] = x[i] - B[i];
    }
    double sum = DIMENSIONS * Math.log(2 * Math.PI);
    for (int i = 0; i < DIMENSIONS; i++) { // Σ of squared innovations
      sum += Math.log(c[i][i]) + y[i] * y[i] / c[i][i];
      for (int r = i + 1; r < DIMENSIONS; r++) {
        double factor = c[r][i] / c[i][i];
        y[r] -= factor * y[i];
        for (int k = i; k < DIMENSIONS; k++) {
          c[r][k] -= factor * c[i][k];
        }
      }
    }
    return -0.5 * sum;
  }

  /** Covariance of z under q(z) = ∫ q(z|x) p(x): A C Aᵀ + diag v. */
  static double[][] aggregate(double logVarShift) {
    double[][] c = covariance();
    double[][] s = new double[LATENT][LATENT];
    for (int i = 0; i < LATENT; i++) {
      for (int j = 0; j < LATENT; j++) {
        s[i][j] = i == j ? V[i] * Math.exp(logVarShift) : 0;
        for (int a = 0; a < DIMENSIONS; a++) {
          for (int b = 0; b < DIMENSIONS; b++) {
            s[i][j] += A[i][a] * c[a][b] * A[j][b];
          }
        }
      }
    }
    return s;
  }

  /** I(x;z) over the population: ½ log |A C Aᵀ + diag v| / Π v. */
  static double mutualInformation(double logVarShift) {
    double v = V[0] * V[1] * Math.exp(2 * logVarShift);
    return 0.5 * Math.log(determinant(aggregate(logVarShift)) / v);
  }

  /** KL(q(z) ‖ N(0, I)) over the population; q(z) has mean zero. */
  static double marginalKl(double logVarShift) {
    double[][] s = aggregate(logVarShift);
    return 0.5 * (s[0][0] + s[1][1] - LATENT - Math.log(determinant(s)));
  }

  public static double determinant(double[][] s) {
    return s[0][0] * s[1][1] - s[0][1] * s[1][0];
  }

  /** An example's image. */
  public static double[] image(Examples examples, int example) {
    return Tensors.doubles(examples.pool().images().select(0, examples.row(example)));
  }
}
