package org.ratescope.plan;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ratescope.dataset.Partition;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.data.DataSpec;

/** The sizes of the training set and test set of a split, counted once; not thread-safe. */
final class SplitSizes {
  /** Assumed for a missing data set: similar to the sizes of the paper's data sets. */
  private static final int UNKNOWN = 50_000;

  private final Map<Key, Optional<Partition>> partitions = new HashMap<>();
  private final ImageLibrary library;

  SplitSizes(ImageLibrary library) {
    this.library = library;
  }

  private record Key(DataSpec data, Split split) {}

  int of(RunSpec run, Subset subset) {
    return partitions
        .computeIfAbsent(new Key(run.data(), run.split()), this::partition)
        .map(partition -> partition.size(subset))
        .orElse(UNKNOWN);
  }

  private Optional<Partition> partition(Key key) {
    try {
      return Optional.of(library.source(key.data()).partition(key.split()));
    } catch (IOException e) { // a forecast works without the data
      return Optional.empty();
    }
  }
}
