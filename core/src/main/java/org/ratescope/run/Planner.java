package org.ratescope.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ratescope.record.Outcome;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunRecord;
import org.ratescope.study.DataSpec;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;
import org.ratescope.vae.Footprint;

/**
 * Compares a suite of studies with a results folder and forms cohorts from the runs that lack a
 * record. A cohort that has a checkpoint is formed again as it was, so that it goes on from there.
 */
public final class Planner {
  /**
   * Parameters of a cohort, over all its runs, up to which stacking more runs makes a step cheaper
   * on a CPU core; with more, state and buffers leave its cache (docs/decisions.md).
   */
  private static final long STACKED_PARAMETERS = 800_000;

  private static final int LARGEST_COHORT = 64;

  /**
   * Native memory of a cohort, state and buffers, up to which runs are stacked: there is a cohort
   * for each worker, and machines with 2 GiB for each core are common.
   */
  private static final long COHORT_BYTES = 1L << 30;

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
   * of the grid on their data set have a record, so that they form the same cohorts however often a
   * call is killed: plan again when a plan is done.
   */
  public Plan plan(Study study) throws IOException {
    return plan(Suite.of(study));
  }

  /**
   * What remains to be done for the studies of a suite. Runs of equal shape share cohorts,
   * whichever study declares them.
   */
  public Plan plan(Suite suite) throws IOException {
    Sorting sorting = new Sorting(suite);
    List<RunSpec> grid = suite.runs();
    for (RunSpec run : grid) {
      sorting.add(run);
    }
    List<RunSpec> repeats = sorting.repeats();
    for (RunSpec repeat : repeats) {
      sorting.add(repeat);
    }
    List<RunSpec> all = Stream.concat(grid.stream(), repeats.stream()).distinct().toList();
    return new Plan(
        suite, sorting.done, sorting.evaluations, cohorts(all, sorting.untrained), sorting.notes);
  }

  /** Runs sorted by what they need. */
  private final class Sorting {
    private final Suite suite;
    private final List<RunSpec> done = new ArrayList<>();
    private final List<RunSpec> evaluations = new ArrayList<>();
    private final Map<RunId, RunSpec> untrained = new LinkedHashMap<>();
    private final List<RunSpec> diverged = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Sorting(Suite suite) {
      this.suite = suite;
    }

    /** Repetitions of diverged runs on the data sets whose grids are complete. */
    List<RunSpec> repeats() {
      Set<DataSpec> incomplete = new HashSet<>();
      untrained.values().forEach(run -> incomplete.add(run.data()));
      return diverged.stream()
          .filter(run -> !incomplete.contains(run.data()))
          .flatMap(run -> suite.repeatOf(run).stream())
          .toList();
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
          || (record.get().evaluation().covers(suite.evaluation(run))
              && store.hasDetails(run, suite.evaluation(run)))) {
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
   * What it takes to estimate again on the kept weights of the suite's finished runs, and to train
   * nothing. Other estimates in the records stay.
   */
  public Plan evaluation(Suite suite) throws IOException {
    List<RunSpec> done = new ArrayList<>();
    List<RunSpec> evaluations = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (RunSpec run : suite.runs()) {
      boolean finished =
          record(run.id(), notes).filter(r -> r.outcome() instanceof Outcome.Finished).isPresent();
      boolean kept = finished && Files.exists(store.weightsFile(run.id()));
      (kept ? evaluations : done).add(run);
      if (finished && !kept) {
        notes.add("the weights of run %s are gone: it is left as it is".formatted(run.id()));
      }
    }
    return new Plan(suite, done, evaluations, List.of(), notes);
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
              // K is a function of all declared runs of the shape, done or not
              RunSpec first = runs.getFirst();
              int stacked = largestCohort(Footprint.of(first), first.training().batch());
              int k = cohortSize(stacked, runs.size());
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
   * How many runs of that kind are stacked at most: as many as make a step cheaper and fit the
   * memory, and at least one.
   */
  public static int largestCohort(Footprint footprint, int batch) {
    long one = footprint.training(1, batch);
    long each = footprint.training(2, batch) - one;
    long fitting = 1 + (COHORT_BYTES - one) / each;
    long cheap = STACKED_PARAMETERS / footprint.layout().size();
    return Math.clamp(Math.min(cheap, fitting), 1, LARGEST_COHORT);
  }

  /** K for that many runs, of which so many are stacked at most: even work for all workers. */
  int cohortSize(int stacked, int runs) {
    int cohorts = (runs + stacked - 1) / stacked;
    int even = (cohorts + workers - 1) / workers * workers;
    return (runs + even - 1) / even;
  }
}
