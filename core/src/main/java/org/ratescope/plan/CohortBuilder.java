package org.ratescope.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ratescope.results.RunSummary;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;

/**
 * Forms cohorts from chunks of declared runs, some of which are missing. Identical bits are
 * guaranteed for the same cohort only, so a cohort that was started, or lost by accident, is formed
 * again:
 *
 * <ol>
 *   <li>a cohort with a checkpoint resumes;
 *   <li>a run whose record is damaged is trained in the cohort that the records of other runs in
 *       its chunk name, or else in its whole chunk;
 *   <li>a chunk whose checkpoint is damaged is trained as a whole;
 *   <li>in any other chunk the missing runs form a cohort: after a grid was extended, or a record
 *       deleted, only the difference is trained.
 * </ol>
 */
public final class CohortBuilder {
  private final List<Cohort> chunks;
  private final RecordStore store;
  private final Map<RunId, RunSpec> declared = new LinkedHashMap<>();
  private final Map<RunId, Cohort> chunkOf = new HashMap<>();
  private final List<Cohort> cohorts = new ArrayList<>();
  private final Set<RunId> taken = new HashSet<>();

  /** For these chunks of declared runs, and the files of that results folder. */
  public CohortBuilder(List<Cohort> chunks, RecordStore store) {
    this.chunks = chunks;
    this.store = store;
    for (Cohort chunk : chunks) {
      for (RunSpec run : chunk.runs()) {
        declared.put(run.id(), run);
        chunkOf.put(run.id(), chunk);
      }
    }
  }

  /**
   * The cohorts that train the missing runs, each in exactly one.
   *
   * @param missing runs to be trained
   * @param damaged those of them that were trained before and were lost by accident
   */
  public List<Cohort> of(Set<RunId> missing, Set<RunId> damaged) throws IOException {
    for (List<RunId> begun : Checkpoint.cohorts(store.checkpoints())) {
      if (begun.stream().anyMatch(missing::contains)) {
        take(begun);
      }
    }
    for (RunId run : damaged) {
      if (!taken.contains(run)) {
        formerCohort(run).ifPresent(this::take);
      }
    }
    for (Cohort chunk : chunks) {
      takeChunk(chunk, missing, damaged);
    }
    return cohorts;
  }

  private void takeChunk(Cohort chunk, Set<RunId> missing, Set<RunId> damaged) {
    List<RunSpec> left =
        chunk.runs().stream()
            .filter(run -> missing.contains(run.id()) && !taken.contains(run.id()))
            .toList();
    if (left.isEmpty()) {
      return;
    }
    boolean whole =
        left.stream().anyMatch(run -> damaged.contains(run.id()))
            || Checkpoint.exists(store.checkpoints(), chunk);
    if (!(whole && take(ids(chunk.runs())))) {
      take(ids(left));
    }
  }

  /** Makes these runs a cohort, unless one of them is not declared or already in a cohort. */
  private boolean take(Collection<RunId> runs) {
    boolean possible =
        !runs.isEmpty()
            && declared.keySet().containsAll(runs)
            && runs.stream().noneMatch(taken::contains);
    if (possible) {
      cohorts.add(
          new Cohort(runs.stream().map(id -> Objects.requireNonNull(declared.get(id))).toList()));
      taken.addAll(runs);
    }
    return possible;
  }

  /** The original cohort of a run, from the records of other runs in its chunk. */
  private Optional<List<RunId>> formerCohort(RunId run) {
    Cohort chunk = Objects.requireNonNull(chunkOf.get(run));
    int place = chunks.indexOf(chunk);
    for (Cohort near : chunks.subList(Math.max(0, place - 1), Math.min(chunks.size(), place + 2))) {
      for (RunSpec neighbour : near.runs()) {
        Optional<List<RunId>> cohort = cohortOf(neighbour.id());
        if (cohort.isPresent() && cohort.get().contains(run)) {
          return cohort;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<List<RunId>> cohortOf(RunId run) {
    try {
      return store.summary(run).map(RunSummary::cohort);
    } catch (IOException e) {
      return Optional.empty(); // damaged too: another record may name the cohort
    }
  }

  private static List<RunId> ids(List<RunSpec> runs) {
    return runs.stream().map(RunSpec::id).toList();
  }
}
