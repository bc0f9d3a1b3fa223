package org.ratescope.plan;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ratescope.data.Partition;
import org.ratescope.source.ImageLibrary;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Half;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Split;

/** How many examples the halves of a split have, counted once; not safe to share. */
final class HalfSizes {
  /** Taken for a half whose data set is not here: near to what the paper's data sets have. */
  private static final int UNKNOWN = 50_000;

  private final Map<Key, Optional<Partition>> partitions = new HashMap<>();
  private final ImageLibrary library;

  HalfSizes(ImageLibrary library) {
    this.library = library;
  }

  private record Key(DataSpec data, Split split) {}

  int of(RunSpec run, Half half) {
    return partitions
        .computeIfAbsent(new Key(run.data(), run.split()), this::partition)
        .map(partition -> partition.size(half))
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
