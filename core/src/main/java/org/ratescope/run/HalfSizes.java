package org.ratescope.run;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ratescope.data.ImageSource;
import org.ratescope.data.Partition;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Half;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Split;

/** How many examples the halves of a split have, counted once; not safe to share. */
final class HalfSizes {
  /** Taken for a half whose data set is not here: near to what the paper's data sets have. */
  private static final int UNKNOWN = 50_000;

  private final Map<Key, Optional<Partition>> partitions = new HashMap<>();

  private record Key(DataSpec data, Split split) {}

  int of(RunSpec run, Half half) {
    return partitions
        .computeIfAbsent(new Key(run.data(), run.split()), HalfSizes::partition)
        .map(partition -> partition.size(half))
        .orElse(UNKNOWN);
  }

  private static Optional<Partition> partition(Key key) {
    try {
      return Optional.of(ImageSource.of(key.data()).partition(key.split()));
    } catch (IllegalArgumentException e) { // a forecast works without the data
      return Optional.empty();
    }
  }
}
