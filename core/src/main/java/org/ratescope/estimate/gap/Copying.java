package org.ratescope.estimate.gap;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.estimate.Cost;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * A test for copies of training images (Meehan, Chaudhuri and Dasgupta 2020): are samples of the
 * model nearer to their nearest training images than test images are? Samples are the decoder's
 * means E[x|z] at codes drawn from the prior. The {@link MannWhitney} test compares the two sets of
 * distances in each cell of the space of images, so that a model that copies in some regions and
 * strays in others is found. Cells are those of k-means on the training images, one for each 50
 * test images and at most 10; a cell with fewer than 20 test images or samples, or with equal
 * distances only, is not used.
 *
 * <p>{@code copying} = Σ w z / √Σ w² over cells with w their shares of the test images, in standard
 * deviations: about N(0, 1) if samples are like test images, far below 0 if they are copies, above
 * 0 if they are farther away than fresh data. Its standard error is that of w-weighted {@code
 * nearer} in the same unit, about 1. It is NaN if no cell can be used or samples are not finite;
 * its settings then say why. Details: {@code nearer}, the probability that a sample is nearer than
 * a test image of its cell (½ for fresh data); {@code lowest}, the smallest z of a cell; {@code
 * cell.c}, the z of each cell; {@code covered}, the share of the test images in used cells.
 *
 * <p>The values describe the model against the test set: there are none for the training set.
 */
public final class Copying implements ReportingEstimator {
  private static final String NAME = "copying";
  private static final int IMAGES = 1024;
  private static final int CELLS = 10;
  private static final int IMAGES_PER_CELL = 50;
  private static final int FEWEST = 20;
  private static final String DEVIATIONS = "standard deviations";

  /** A float32 product compares about 40 times as many values in a second as float64 sums do. */
  static final double PRODUCT = 1.0 / 40;

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  /** Half a pass for each sample, and its distances to all training images. */
  @Override
  public Cost cost(Cost.Scale scale) {
    double samples = Math.min(scale.examples(), IMAGES);
    return new Cost(0.5 * samples, PRODUCT * samples * scale.train() * scale.dimensions())
        .half(); // for one of both subsets
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed, BuildListener listener) {
    if (subset == Subset.TRAIN || data.train().size() == 0) {
      return List.of();
    }
    Examples tests = data.examples(subset, IMAGES);
    try (PointerScope scope = new PointerScope()) {
      double[] codes = PriorSamples.of(model, NAME, seed, 0, tests.size());
      Tensor samples = PriorSamples.means(model, codes).to(ScalarType.Float);
      return of(samples, model, data, tests, listener);
    }
  }

  /** The values for these samples [m, D]. */
  List<Estimate> of(
      Tensor samples,
      TrainedModel model,
      EvaluationData data,
      Examples tests,
      BuildListener listener) {
    Tensor here = Tensors.here(samples);
    int count = (int) here.size(0);
    if (!Double.isFinite(here.to(ScalarType.Double).abs_().max().item_double())) {
      return List.of(absent(tests.size(), "a sample of the model is not finite"));
    }
    listener.built("cells", 0, 2);
    int wanted = Math.clamp(tests.size() / IMAGES_PER_CELL, 1, CELLS);
    PixelCells cells = PixelCells.of(data.train(), wanted);
    int[] ofTests = cells.of(tests.images(0, tests.size()));
    int[] ofSamples = cells.of(here);
    listener.built("distances", 1, 2);
    double[] testDistances = data.neighbours(tests.subset(), IMAGES).distances();
    double[] sampleDistances =
        data.neighboursOf(new ImageTensor(here).on(model.device())).distances();
    List<Cell> used = new ArrayList<>();
    for (int c = 0; c < cells.count(); c++) {
      double[] first = in(c, ofSamples, sampleDistances);
      double[] second = in(c, ofTests, testDistances);
      if (first.length >= FEWEST && second.length >= FEWEST) {
        MannWhitney found = MannWhitney.of(first, second);
        if (found.deviation() > 0) {
          used.add(new Cell(c, first.length, second.length, found));
        }
      }
    }
    if (used.isEmpty()) {
      return List.of(
          absent(
              tests.size(),
              "no cell has %d test images and %d samples with distances that differ, of %d and %d in %d cells"
                  .formatted(FEWEST, FEWEST, tests.size(), count, cells.count())));
    }
    return estimates(
        used,
        tests.size(),
        "%d samples E[x|z] with z from the prior, %d of %d cells of k-means on training images"
            .formatted(count, used.size(), cells.count()));
  }

  private static Estimate absent(int examples, String reason) {
    return new Estimate(
        NAME, Subset.TEST, Double.NaN, Double.NaN, DEVIATIONS, examples, "no value: " + reason);
  }

  /** A cell with its numbers of samples and of test images. */
  private record Cell(int number, int samples, int tests, MannWhitney found) {}

  private static List<Estimate> estimates(List<Cell> used, int tests, String settings) {
    double covered = used.stream().mapToInt(Cell::tests).sum();
    double z = 0;
    double squares = 0;
    double nearer = 0;
    double variance = 0;
    double ofZ = 0;
    double lowest = Double.POSITIVE_INFINITY;
    List<Estimate> found = new ArrayList<>();
    for (Cell cell : used) {
      MannWhitney m = cell.found;
      double w = cell.tests / covered;
      double error = m.standardError() / m.deviation();
      z += w * m.z();
      squares += w * w;
      nearer += w * m.smaller();
      variance += w * w * m.standardError() * m.standardError();
      ofZ += w * w * error * error;
      lowest = Math.min(lowest, m.z());
      found.add(
          new Estimate(
              NAME + ".cell." + cell.number,
              Subset.TEST,
              m.z(),
              error,
              DEVIATIONS,
              cell.tests,
              cell.samples + " samples"));
    }
    String share = "share of samples";
    found.addAll(
        0,
        List.of(
            new Estimate(
                NAME,
                Subset.TEST,
                z / Math.sqrt(squares),
                Math.sqrt(ofZ / squares),
                DEVIATIONS,
                tests,
                settings),
            new Estimate(
                NAME + ".nearer", Subset.TEST, nearer, Math.sqrt(variance), share, tests, settings),
            new Estimate(NAME + ".lowest", Subset.TEST, lowest, 1, DEVIATIONS, tests, settings),
            new Estimate(
                NAME + ".covered",
                Subset.TEST,
                covered / tests,
                0,
                "share of examples",
                tests,
                settings)));
    return found;
  }

  private static double[] in(int cell, int[] cells, double[] values) {
    return IntStream.range(0, cells.length)
        .filter(i -> cells[i] == cell)
        .mapToDouble(i -> values[i])
        .toArray();
  }
}
