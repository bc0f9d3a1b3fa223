package org.ratescope.estimate.gap;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.Cost;
import org.ratescope.estimate.Estimator;
import org.ratescope.estimate.EvaluationData;
import org.ratescope.estimate.FoldModels;
import org.ratescope.estimate.TrainedModel;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.estimate.posterior.MeanEstimate;
import org.ratescope.estimate.posterior.Neighbours;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.tensor.Tensors;

/**
 * Two models with one seed, trained on disjoint halves of a training set (Kadkhodaie, Guth,
 * Simoncelli and Mallat 2024): the mean Euclidean distance of their reconstructions E[x|mean(x)] of
 * the same test image, in pixel values. It falls when models learn the distribution rather than
 * their training images. Details: {@code toOwnTrainingSet}, the distance of a reconstruction to the
 * nearest image of its own model's training half; {@code toImage}, its distance to the image; both
 * are means over both models.
 *
 * <p>There is a value only for a run that leaves one of two folds out, if the other run has been
 * trained too: so for the one of both that ends last, or both if they are evaluated again.
 */
public final class TwinHalves implements Estimator {
  private static final String NAME = "twinHalves";
  private static final int IMAGES = 1024;

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  /** Two passes of each image; the distances are float32 products, as in {@link Copying}. */
  @Override
  public Cost cost(Cost.Scale scale) {
    double images = Math.min(scale.examples(), IMAGES);
    return new Cost(2 * images, 2 * Copying.PRODUCT * images * scale.train() * scale.dimensions())
        .half(); // for one of both subsets
  }

  @Override
  public List<Estimate> estimate(
      TrainedModel model, EvaluationData data, Subset subset, long seed) {
    if (subset == Subset.TRAIN) {
      return List.of();
    }
    try (PointerScope scope = new PointerScope()) {
      Examples examples = data.examples(subset, IMAGES);
      Optional<FoldModels> folds = model.folds().filter(found -> found.size() == 2);
      Optional<TrainedModel> first = folds.flatMap(found -> found.model(0));
      Optional<TrainedModel> second = folds.flatMap(found -> found.model(1));
      return folds.isPresent() && first.isPresent() && second.isPresent()
          ? of(first.get(), second.get(), folds.get(), examples)
          : List.of();
    }
  }

  private static List<Estimate> of(
      TrainedModel one, TrainedModel other, FoldModels folds, Examples examples) {
    Tensor image = examples.images(0, examples.size());
    Tensor first = reconstructions(one, examples);
    Tensor second = reconstructions(other, examples);
    Partition ofFirst = folds.partitions().getFirst();
    Partition ofSecond = folds.partitions().getLast();
    String settings =
        "training halves of %d and %d images"
            .formatted(ofFirst.size(Subset.TRAIN), ofSecond.size(Subset.TRAIN));
    return List.of(
        estimate("", distances(first, second), settings),
        estimate(
            ".toOwnTrainingSet",
            mean(
                toTrainingSet(first, examples, ofFirst), toTrainingSet(second, examples, ofSecond)),
            settings),
        estimate(".toImage", mean(distances(first, image), distances(second, image)), settings));
  }

  private static Estimate estimate(String detail, double[] values, String settings) {
    return MeanEstimate.of(values)
        .estimate(NAME + detail, Subset.TEST, "pixel values")
        .settings(settings);
  }

  /** The decoder's means at the posteriors' means. [M, D] float32 */
  private static Tensor reconstructions(TrainedModel model, Examples examples) {
    return PriorSamples.means(model, model.posteriors(examples).mean()).to(ScalarType.Float);
  }

  private static double[] distances(Tensor a, Tensor b) {
    return Tensors.doubles(
        a.to(ScalarType.Double).sub(b.to(ScalarType.Double)).square_().sum(1L).sqrt_());
  }

  private static double[] toTrainingSet(Tensor images, Examples examples, Partition partition) {
    int[] rows = IntStream.range(0, examples.size()).toArray();
    ImageTensor others = new ImageTensor(Tensors.here(images), images);
    return Neighbours.of(examples.pool(), partition, Examples.ofRows(others, Subset.TEST, rows))
        .distances();
  }

  private static double[] mean(double[] a, double[] b) {
    double[] mean = new double[a.length];
    Arrays.setAll(mean, i -> (a[i] + b[i]) / 2);
    return mean;
  }
}
