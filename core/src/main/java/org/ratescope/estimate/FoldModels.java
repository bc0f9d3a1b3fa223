package org.ratescope.estimate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;

/**
 * Models that differ only in the fold of one training set that they leave out ({@link
 * org.ratescope.spec.Split.WithoutFold}), one for each fold.
 *
 * @param models model number f has not been trained with fold f
 * @param partitions their training sets and the common test set
 * @param whole the training set with all folds, and the test set
 */
public record FoldModels(List<TrainedModel> models, List<Partition> partitions, Partition whole) {
  public FoldModels {
    models = List.copyOf(models);
    partitions = List.copyOf(partitions);
    if (!(models.size() >= 2 && models.size() == partitions.size())) {
      throw new IllegalArgumentException(
          "folds need at least 2 models, and a partition for each; got %d and %d"
              .formatted(models.size(), partitions.size()));
    }
  }

  /** At most {@code count} images of the training set with all folds. */
  public Examples train(ImageTensor pool, int count) {
    return Examples.of(pool, whole, Subset.TRAIN, count);
  }

  /** The fold of a training row: the model that has not been trained with it. */
  public int foldOf(int row) {
    return IntStream.range(0, models.size())
        .filter(f -> Arrays.binarySearch(partitions.get(f).rows(Subset.TRAIN), row) < 0)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("row %d is in no fold".formatted(row)));
  }
}
