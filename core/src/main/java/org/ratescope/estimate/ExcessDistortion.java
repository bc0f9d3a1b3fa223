package org.ratescope.estimate;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.model.likelihood.PixelDistribution;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.Tensors;

/**
 * The distortion above the one that no decoder can fall below, in nats per example: E[−log p(x|z)]
 * − E[min over y of −log p(x|y)], with the codes of the distortion. Of real-valued pixels a
 * Bernoulli distortion cannot fall below the entropy Σ −x ln x − (1 − x) ln(1 − x), which is most
 * of the distortion of a good model and differs between data sets; the excess is the
 * Kullback–Leibler divergence of the reconstruction from the image.
 *
 * <p>Its details are the floor; the range, by which the best constant image of these examples lies
 * above the floor; and the share of both, excess / range: 0 for perfect reconstructions, 1 for
 * those that tell nothing about the image, on any data set. Equal examples have a range of 0 and no
 * share. A likelihood without a lower bound gives no estimates.
 */
public final class ExcessDistortion implements Estimator {
  private static final String NAME = "excessDistortion";

  /** A range below this part of the constant image's distortion is rounding. */
  private static final double ROUNDING = 1e-12;

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    PixelDistribution pixels = PixelDistribution.of(model.vae().likelihood());
    Examples examples = data.examples(subset);
    if (pixels.lowestDistortion(0, 0).isEmpty()) {
      return List.of();
    }
    double[] excess = Elbo.distortion(model, examples, seed);
    double[] floor = new double[examples.size()];
    double constant = floors(examples, pixels, floor);
    for (int i = 0; i < floor.length; i++) {
      excess[i] -= floor[i];
    }
    MeanEstimate mean = MeanEstimate.of(excess);
    MeanEstimate lowest = MeanEstimate.of(floor);
    double range = constant - lowest.value();
    List<Estimate> found =
        new ArrayList<>(
            List.of(
                mean.estimate(NAME, subset),
                lowest.estimate(NAME + ".floor", subset),
                new Estimate(
                    NAME + ".range", subset, range, Double.NaN, Estimate.NATS, floor.length)));
    if (range > ROUNDING * Math.abs(constant)) {
      double share = mean.value() / range;
      double error = mean.standardError() / range;
      found.add(new Estimate(NAME + ".share", subset, share, error, "share", floor.length));
    }
    return found;
  }

  /** Writes the floor of each example; returns the mean distortion of their best constant image. */
  private static double floors(Examples examples, PixelDistribution pixels, double[] floor) {
    int dimensions = examples.dimensions();
    double[] sum = new double[dimensions];
    double[] squares = new double[dimensions];
    for (int first = 0; first < floor.length; first += TrainedModel.BATCH) {
      int count = Math.min(TrainedModel.BATCH, floor.length - first);
      try (PointerScope scope = new PointerScope()) {
        double[] values = Tensors.doubles(examples.images(first, count));
        for (int i = 0; i < values.length; i++) {
          double x = values[i];
          floor[first + i / dimensions] += lowest(pixels, x, x * x);
          sum[i % dimensions] += x;
          squares[i % dimensions] += x * x;
        }
      }
    }
    double constant = 0;
    for (int j = 0; j < dimensions; j++) {
      constant += lowest(pixels, sum[j] / floor.length, squares[j] / floor.length);
    }
    return constant;
  }

  private static double lowest(PixelDistribution pixels, double mean, double meanSquare) {
    return pixels.lowestDistortion(mean, meanSquare).orElseThrow();
  }
}
