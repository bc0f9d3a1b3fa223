package org.ratescope.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.Parameters;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.prior.LatentDistribution;
import org.ratescope.model.prior.PriorDensity;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.FusedAdam;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * Fits a prior to a trained run by maximum likelihood: Adam on the mean of log p(z) over codes z of
 * the training examples, drawn anew from their posteriors in each update. Encoder and decoder stay
 * as they are. The mean's largest value is that with the smallest marginal KL of the training set.
 */
public final class PriorFit {
  /** The default number of updates. */
  public static final int UPDATES = 2000;

  private static final int BATCH = 256;
  private static final double LEARNING_RATE = 1e-2;

  /** What the random numbers of a fit are drawn by. */
  private static final String STREAM = "priorFit";

  private final RunSpec run;
  private final ImageTensor pool;
  private final int[] rows;
  private final double[] mean;
  private final double[] variance;

  /**
   * @param run the trained run, the source of randomness
   * @param pool all images of the data set
   * @param rows the rows of the pool that trained it
   * @param mean their posterior means [N, L]
   * @param logVar their posterior log variances [N, L]
   */
  public PriorFit(RunSpec run, ImageTensor pool, int[] rows, double[] mean, double[] logVar) {
    this.run = run;
    this.pool = pool;
    this.rows = rows;
    this.mean = mean;
    this.variance = Arrays.stream(logVar).map(Math::exp).toArray();
  }

  /**
   * The run's encoder and decoder beside the fitted prior, in the innermost open scope.
   *
   * @param trained the run's parameters, K = 1
   * @param updates over which the learning rate falls linearly to 0
   * @throws IllegalArgumentException if the training set is too small for the prior, or if the fit
   *     diverged
   */
  public Parameters fit(Parameters trained, Prior prior, int updates) {
    Trainer.requireRows(rows.length, run.training(), prior);
    Device device = Device.of(trained.rows());
    ParameterLayout layout =
        ParameterLayout.of(run.architecture(), ImageShape.of(run.data()), run.latentSize(), prior);
    Parameters fitted = Parameters.zeros(layout, run.training().precision(), 1, device);
    fitted.initialize(0, run.seed());
    Map<String, Tensor> from = WeightsFile.views(trained, 0);
    WeightsFile.views(fitted, 0)
        .forEach(
            (name, view) -> {
              if (!name.startsWith("prior.")) {
                view.copy_(Objects.requireNonNull(from.get(name), name));
              }
            });
    StartImages.write(fitted, List.of(run), List.of(rows), pool);
    LatentDistribution.of(prior)
        .startFit(
            ParameterGroup.tensors(layout.priorParameters(), fitted.rows()),
            mean,
            variance,
            RunRandom.named(run.seed(), STREAM, -1));
    if (!layout.priorParameters().isEmpty()) {
      try (PointerScope scope = new PointerScope()) {
        update(fitted, updates);
      }
    }
    return fitted;
  }

  private void update(Parameters fitted, int updates) {
    ParameterLayout layout = fitted.layout();
    Tensor rowsOf = fitted.rows();
    Parameters gradients =
        Parameters.zeros(layout, run.training().precision(), 1, Device.of(rowsOf));
    int latentSize = layout.latentSize();
    Tensor images = Tensors.zeros(rowsOf, 1, BATCH, layout.dimensions());
    PriorDensity density = layout.bindPrior(fitted, gradients, images);
    long first = layout.priorParameters().getFirst().views().getFirst().offset();
    long count = layout.size() - first;
    Tensor values = rowsOf.view(-1).narrow(0, first, count);
    Tensor number = Tensors.empty(Device.of(rowsOf), ScalarType.Float).zero_();
    FusedAdam.Arguments arguments =
        new FusedAdam.Arguments(
            List.of(values),
            List.of(gradients.rows().view(-1).narrow(0, first, count)),
            List.of(Tensors.zeros(rowsOf, count)),
            List.of(Tensors.zeros(rowsOf, count)),
            List.of(Tensors.zeros(rowsOf, count)),
            List.of(number));
    Tensor codes = Tensors.zeros(rowsOf, 1, BATCH, latentSize);
    Tensor unused = Tensors.zeros(rowsOf, 1, BATCH, latentSize);
    Tensor weight = Tensors.tensor(rowsOf, new double[] {-1.0 / BATCH}, 1, 1, 1);
    FusedAdam adam = new FusedAdam();
    for (int step = 0; step < updates; step++) {
      try (PointerScope scope = new PointerScope()) {
        draw(step, codes, images, layout.prior().startImages() > 0);
        density.prepare();
        density.addGradient(codes, weight, unused);
        number.fill_(new Scalar(step + 1.0));
        adam.step(
            arguments,
            LEARNING_RATE * (1 - step / (double) updates),
            Adam.BETA1,
            Adam.BETA2,
            Adam.EPSILON);
      }
    }
    try (PointerScope scope = new PointerScope()) {
      if (!Double.isFinite(Tensors.doubles(values.sum())[0])) {
        throw new IllegalArgumentException(
            "the fit of prior %s diverged".formatted(layout.prior().text()));
      }
    }
  }

  /** Writes codes of examples drawn at random, and their images where the prior asks for them. */
  private void draw(int step, Tensor codes, Tensor images, boolean withImages) {
    int latentSize = mean.length / rows.length;
    RunRandom random = RunRandom.named(run.seed(), STREAM, step);
    double[] drawn = new double[BATCH * latentSize];
    long[] wanted = new long[BATCH];
    for (int b = 0; b < BATCH; b++) {
      int n = (int) (random.uniform(-1L - b) * rows.length);
      wanted[b] = rows[n];
      for (int l = 0; l < latentSize; l++) {
        int i = n * latentSize + l;
        double noise = random.normal((long) b * latentSize + l);
        drawn[b * latentSize + l] = mean[i] + Math.sqrt(variance[i]) * noise;
      }
    }
    Tensors.write(drawn, codes);
    if (withImages) {
      pool.gather(
          Tensors.beside(Tensors.indices(wanted), images), images.view(BATCH, images.size(2)));
    }
  }
}
