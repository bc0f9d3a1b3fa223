package org.ratescope.results.store;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ratescope.results.RunSummary;
import org.ratescope.spec.RunSpec;

/** The heads of the records of many runs, read by all cores. */
public final class RunSummaries {
  private final RecordStore store;
  private final Map<RunSpec, Head> heads;

  private RunSummaries(RecordStore store, Map<RunSpec, Head> heads) {
    this.store = store;
    this.heads = heads;
  }

  private record Head(RunSpec run, Optional<RunSummary> summary, Optional<IOException> damage) {
    private static Head read(RecordStore store, RunSpec run, Optional<Set<String>> files) {
      try {
        if (files.isPresent() && !files.get().contains(run.id().hex() + ".json")) {
          return new Head(run, Optional.empty(), Optional.empty());
        }
        return new Head(run, store.summary(run.id()), Optional.empty());
      } catch (IOException e) {
        return new Head(run, Optional.empty(), Optional.of(e));
      }
    }
  }

  static RunSummaries read(RecordStore store, Collection<RunSpec> runs) {
    Map<RunSpec, Head> heads = new HashMap<>(2 * runs.size());
    Optional<Set<String>> files = store.recordFiles();
    List<Head> read = runs.parallelStream().map(run -> Head.read(store, run, files)).toList();
    read.forEach(head -> heads.put(head.run(), head));
    return new RunSummaries(store, heads);
  }

  /**
   * The head of a run's record, as {@link RecordStore#summary} gives it; one that was not asked for
   * at the beginning is read now.
   *
   * @throws IOException if there is a file that cannot be read as a record, naming it
   */
  public Optional<RunSummary> of(RunSpec run) throws IOException {
    Head head = heads.get(run);
    if (head == null) {
      return store.summary(run.id());
    }
    if (head.damage().isPresent()) {
      throw head.damage().get();
    }
    return head.summary();
  }
}
