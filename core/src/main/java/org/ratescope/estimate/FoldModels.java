package org.ratescope.estimate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ratescope.dataset.Partition;
import org.ratescope.estimate.posterior.Examples;
import org.ratescope.spec.Subset;
import org.ratescope.tensor.ImageTensor;

/**
 * Models that differ only in the fold of one training set that they leave out ({@link
 * org.ratescope.spec.Split.WithoutFold}), one for each fold.
 *
 * @param reader reads the model that has not been trained with a fold, counted from 0, into the
 *     innermost open scope; empty if its weights are missing or damaged
 * @param partitions the models' training sets, and the common test set
 * @param whole the training set with all folds, and the test set
 */
public record FoldModels(
    IntFunction<Optional<TrainedModel>> reader, List<Partition> partitions, Partition whole) {
  public FoldModels {
    partitions = List.copyOf(partitions);
    if (!(partitions.size() >= 2)) {
      throw new IllegalArgumentException("folds must be at least 2; got " + partitions.size());
    }
  }

  /** Number of folds. */
  public int size() {
    return partitions.size();
  }

  /** The model that has not been trained with a fold, read anew in each call. */
  public Optional<TrainedModel> model(int fold) {
    return reader.apply(fold);
  }

  /** At most {@code count} images of the training set with all folds. */
  public Examples train(ImageTensor pool, int count) {
    return Examples.of(pool, whole, Subset.TRAIN, count);
  }

  /** The fold of a training row: the model that has not been trained with it. */
  public int foldOf(int row) {
    return IntStream.range(0, size())
        .filter(f -> Arrays.binarySearch(partitions.get(f).rows(Subset.TRAIN), row) < 0)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("row %d is in no fold".formatted(row)));
  }
}
