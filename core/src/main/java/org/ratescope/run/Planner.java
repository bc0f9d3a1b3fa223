package org.ratescope.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.ratescope.record.Outcome;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunRecord;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;
import org.ratescope.vae.Layout;

/**
 * Compares a study with a results folder and forms cohorts from the runs that lack a record. A
 * cohort that has a checkpoint is formed again as it was, so that it goes on from there.
 */
public final class Planner {
  /**
   * Parameters of a cohort, over all its runs, up to which stacking more runs makes a step cheaper
   * on a CPU core.
   */
  private static final long STACKED_PARAMETERS = 2_000_000;

  private static final int LARGEST_COHORT = 64;

  private final RecordStore store;
  private final int workers;

  private Planner(RecordStore store, int workers) {
    this.store = store;
    this.workers = workers;
  }

  /**
   * A planner for that results folder.
   *
   * @param workers how many cohorts are trained at once, at least 1
   */
  public static Planner of(RecordStore store, int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1, came " + workers);
    }
    return new Planner(store, workers);
  }

  /**
   * What remains to be done for the study. Runs that repeat diverged ones are planned once all runs
   * of the grid have a record, so that they form the same cohorts however often a call is killed:
   * plan again when a plan is done.
   */
  public Plan plan(Study study) throws IOException {
    Sorting sorting = new Sorting(study);
    List<RunSpec> grid = study.runs();
    for (RunSpec run : grid) {
      sorting.add(run);
    }
    List<RunSpec> repeats = new ArrayList<>();
    if (sorting.untrained.isEmpty()) {
      sorting.diverged.forEach(run -> study.repeatOf(run).ifPresent(repeats::add));
      for (RunSpec repeat : repeats) {
        sorting.add(repeat);
      }
    }
    List<RunSpec> all = Stream.concat(grid.stream(), repeats.stream()).distinct().toList();
    return new Plan(
        study, sorting.done, sorting.evaluations, cohorts(all, sorting.untrained), sorting.notes);
  }

  /** Runs sorted by what they need. */
  private final class Sorting {
    private final Study study;
    private final List<RunSpec> done = new ArrayList<>();
    private final List<RunSpec> evaluations = new ArrayList<>();
    private final Map<RunId, RunSpec> untrained = new LinkedHashMap<>();
    private final List<RunSpec> diverged = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Sorting(Study study) {
      this.study = study;
    }

    void add(RunSpec run) {
      Optional<RunRecord> record = record(run.id(), notes);
      if (record.isEmpty()) {
        untrained.put(run.id(), run);
        return;
      }
      if (record.get().outcome() instanceof Outcome.Diverged) {
        diverged.add(run);
      }
      if (!(record.get().outcome() instanceof Outcome.Finished)
          || (record.get().evaluation().covers(study.evaluation())
              && store.hasDetails(run, study.evaluation()))) {
        done.add(run);
      } else if (Files.exists(store.weightsFile(run.id()))) {
        evaluations.add(run);
      } else {
        notes.add(
            "run %s was evaluated otherwise and its weights are gone: it is trained again"
                .formatted(run.id()));
        untrained.put(run.id(), run);
      }
    }
  }

  /**
   * What it takes to estimate again on the kept weights of the study's finished runs, and to train
   * nothing. Other estimates in the records stay.
   */
  public Plan evaluation(Study study) throws IOException {
    List<RunSpec> done = new ArrayList<>();
    List<RunSpec> evaluations = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (RunSpec run : study.runs()) {
      boolean finished =
          record(run.id(), notes).filter(r -> r.outcome() instanceof Outcome.Finished).isPresent();
      boolean kept = finished && Files.exists(store.weightsFile(run.id()));
      (kept ? evaluations : done).add(run);
      if (finished && !kept) {
        notes.add("the weights of run %s are gone: it is left as it is".formatted(run.id()));
      }
    }
    return new Plan(study, done, evaluations, List.of(), notes);
  }

  private Optional<RunRecord> record(RunId id, List<String> notes) {
    try {
      return store.read(id);
    } catch (IOException e) {
      notes.add("a damaged record is made again: " + e.getMessage());
      return Optional.empty();
    }
  }

  private List<Cohort> cohorts(List<RunSpec> all, Map<RunId, RunSpec> untrained)
      throws IOException {
    List<Cohort> cohorts = new ArrayList<>(begun(all, untrained));
    cohorts.forEach(cohort -> cohort.runs().forEach(run -> untrained.remove(run.id())));
    Map<String, List<RunSpec>> missing = byShape(untrained.values());
    byShape(all)
        .forEach(
            (shape, runs) -> {
              // K is a function of all of the study's runs of the shape, done or not
              int k = cohortSize(Layout.of(runs.getFirst()).size(), runs.size());
              cohorts.addAll(chunks(missing.getOrDefault(shape, List.of()), k));
            });
    return cohorts;
  }

  /** Cohorts with a checkpoint of which a run is still wanted, in their old order. */
  private List<Cohort> begun(List<RunSpec> all, Map<RunId, RunSpec> untrained) throws IOException {
    Map<RunId, RunSpec> known = new LinkedHashMap<>();
    all.forEach(run -> known.put(run.id(), run));
    List<Cohort> begun = new ArrayList<>();
    for (List<RunId> ids : Checkpoint.cohorts(store.checkpoints())) {
      if (!ids.isEmpty()
          && known.keySet().containsAll(ids)
          && ids.stream().anyMatch(untrained::containsKey)) {
        begun.add(
            new Cohort(ids.stream().map(id -> Objects.requireNonNull(known.get(id))).toList()));
      }
    }
    return begun;
  }

  private static Map<String, List<RunSpec>> byShape(Collection<RunSpec> runs) {
    Map<String, List<RunSpec>> shapes = new LinkedHashMap<>();
    for (RunSpec run : runs) {
      shapes.computeIfAbsent(Cohort.shape(run), shape -> new ArrayList<>()).add(run);
    }
    return shapes;
  }

  /**
   * Groups of K consecutive runs, the last one shorter. When whole groups are done, the others stay
   * as they are: so a killed study is finished in the cohorts it was begun in.
   */
  private static List<Cohort> chunks(List<RunSpec> runs, int k) {
    List<Cohort> chunks = new ArrayList<>();
    for (int from = 0; from < runs.size(); from += k) {
      chunks.add(new Cohort(runs.subList(from, Math.min(from + k, runs.size()))));
    }
    return chunks;
  }

  /**
   * K for that many runs of that many parameters: as many as stay cheap, and even work for all
   * workers.
   */
  int cohortSize(long parameters, int runs) {
    long stacked = Math.clamp(STACKED_PARAMETERS / parameters, 1, LARGEST_COHORT);
    int cohorts = (int) ((runs + stacked - 1) / stacked);
    int even = (cohorts + workers - 1) / workers * workers;
    return (runs + even - 1) / even;
  }
}
