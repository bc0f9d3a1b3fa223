package org.ratescope.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ratescope.model.MemoryEstimate;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.WeightsFile;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunSummary;
import org.ratescope.results.store.RecordStore;
import org.ratescope.results.store.RunSummaries;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.ratescope.train.Cohort;

/**
 * Compares a suite of studies with a results folder. The declared runs are divided into chunks, and
 * the runs of a chunk without a record form a cohort ({@link CohortBuilder} has the exceptions).
 */
public final class Planner {
  private final RecordStore store;
  private final int workers;
  private final CohortLimits stacking;
  private final Shard shard;
  private final boolean checksWeights;

  private Planner(
      RecordStore store, int workers, CohortLimits stacking, Shard shard, boolean checksWeights) {
    this.store = store;
    this.workers = workers;
    this.stacking = stacking;
    this.shard = shard;
    this.checksWeights = checksWeights;
  }

  /**
   * A planner for that results folder.
   *
   * @param workers number of cohorts trained at the same time, at least 1
   */
  public static Planner of(RecordStore store, int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1; got " + workers);
    }
    return new Planner(store, workers, CohortLimits.CPU, Shard.WHOLE, false);
  }

  /** A planner of cohorts for a device other than the CPU. */
  public Planner stacking(CohortLimits other) {
    return new Planner(store, workers, other, shard, checksWeights);
  }

  /**
   * A planner for one of several processes with equally many workers: its plans contain a part of
   * the chunks, and all repetitions of diverged runs, since only the last process to end knows
   * these.
   */
  public Planner shard(Shard part) {
    return new Planner(store, workers, stacking, part, checksWeights);
  }

  /** A planner that also reads all weights, and plans runs with damaged weights again. */
  public Planner checkingWeights() {
    return new Planner(store, workers, stacking, shard, true);
  }

  /**
   * The remaining work for the study. Runs that repeat diverged ones are planned after all runs of
   * the grid on their data set have a record, so that they form the same cohorts after any number
   * of interruptions: plan again when a plan is done.
   */
  public Plan plan(Study study) throws IOException {
    return plan(Suite.of(study));
  }

  /**
   * The remaining work for the studies of a suite. Runs of equal shape share cohorts, regardless of
   * the study that declares them.
   */
  public Plan plan(Suite suite) throws IOException {
    Sorting sorting = new Sorting(suite);
    List<RunSpec> grid = suite.runs();
    sorting.add(grid);
    List<RunSpec> repeats = sorting.repeats();
    sorting.add(repeats);
    List<RunSpec> all = Stream.concat(grid.stream(), repeats.stream()).distinct().toList();
    List<Cohort> chunks = chunks(all);
    List<Cohort> cohorts =
        longestFirst(new CohortBuilder(chunks, store).of(sorting.untrained, sorting.damaged));
    Plan plan = new Plan(suite, sorting.done, sorting.evaluations, cohorts, sorting.notes);
    return shard.count() == 1 ? plan : plan.of(shard.runs(chunks, repeats));
  }

  private List<String> damagedFingerprints(Suite suite) {
    return suite.data().stream()
        .flatMap(data -> DatasetFingerprint.damage(store, data).stream())
        .toList();
  }

  /**
   * Cohorts in the order in which they start. A long one that starts last would leave the other
   * workers idle; equal ones keep their order.
   */
  private static List<Cohort> longestFirst(List<Cohort> cohorts) {
    return cohorts.stream()
        .sorted(Comparator.comparingDouble(Planner::cohortOperations).reversed())
        .toList();
  }

  /** Floating-point operations of the products of all updates of a cohort. */
  public static double cohortOperations(Cohort cohort) {
    return cohort.modelSteps() * ParameterLayout.operationsPerStep(cohort.first());
  }

  /** Floating-point operations of the products of all updates of a plan. */
  public static double operations(Plan plan) {
    return plan.cohorts().stream().mapToDouble(Planner::cohortOperations).sum();
  }

  /** Runs sorted by their remaining work. */
  private final class Sorting {
    private final Suite suite;
    private final Set<RunId> lostWeights;
    private final List<RunSpec> done = new ArrayList<>();
    private final List<RunSpec> evaluations = new ArrayList<>();
    private final Set<RunId> untrained = new LinkedHashSet<>();
    private final Set<RunId> damaged = new LinkedHashSet<>();
    private final Set<DataSpec> incomplete = new HashSet<>();
    private final List<RunSpec> diverged = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Sorting(Suite suite) throws IOException {
      this.suite = suite;
      this.notes.addAll(damagedFingerprints(suite));
      this.lostWeights = store.lostWeights();
    }

    /** Repetitions of diverged runs on the data sets whose grids are complete. */
    List<RunSpec> repeats() {
      return diverged.stream()
          .filter(run -> !incomplete.contains(run.data()))
          .flatMap(run -> suite.repeatOf(run).stream())
          .toList();
    }

    void add(List<RunSpec> runs) {
      RunSummaries records = store.summaries(runs);
      Map<RunSpec, State> states = new HashMap<>(2 * runs.size());
      runs.parallelStream()
          .map(run -> State.of(run, records, suite, store))
          .toList()
          .forEach(state -> states.put(state.run, state));
      runs.forEach(run -> add(run, Objects.requireNonNull(states.get(run))));
    }

    private void add(RunSpec run, State state) {
      state.note.ifPresent(notes::add);
      if (state.isDamaged) {
        trainAsBefore(run);
      } else if (state.record.isEmpty()) {
        train(run);
      } else {
        add(run, state.record.get(), state.need);
      }
    }

    private void add(RunSpec run, RunSummary record, PendingRuns need) {
      if (record.outcome() instanceof Outcome.Finished && isWithoutWeights(run)) {
        trainAsBefore(run);
        return;
      }
      if (record.outcome() instanceof Outcome.Diverged) {
        diverged.add(run);
      }
      switch (need) {
        case NOTHING -> done.add(run);
        case EVALUATION -> evaluations.add(run);
        case WEIGHTS -> {
          notes.add(
              "run %s lacks requested estimates, and its weights are missing: it is trained again"
                  .formatted(run.id()));
          trainAsBefore(run);
        }
      }
    }

    /** Whether the weights of a finished run are missing, or damaged if that is checked. */
    private boolean isWithoutWeights(RunSpec run) {
      if (lostWeights.contains(run.id())) {
        notes.add(
            "the weights of run %s were damaged and have been renamed: it is trained again"
                .formatted(run.id()));
        return true;
      }
      if (!checksWeights) {
        return false;
      }
      if (!Files.exists(store.weightsFile(run.id()))) {
        notes.add("the weights of run %s are missing: it is trained again".formatted(run.id()));
        return true;
      }
      try {
        WeightsFile.check(store.weightsFile(run.id()), run);
        return false;
      } catch (IOException e) {
        notes.add("damaged weights, trained again: " + e.getMessage());
        return true;
      }
    }

    /** Plans a run that was lost by accident, in its original cohort. */
    private void trainAsBefore(RunSpec run) {
      damaged.add(run.id());
      train(run);
    }

    private void train(RunSpec run) {
      untrained.add(run.id());
      incomplete.add(run.data());
    }
  }

  /**
   * The files of a run.
   *
   * @param record the head of its record, if it is readable
   * @param need its remaining work, if it has a record
   * @param isDamaged whether there is a record that is unreadable
   * @param note the fault
   */
  private record State(
      RunSpec run,
      Optional<RunSummary> record,
      PendingRuns need,
      boolean isDamaged,
      Optional<String> note) {
    static State of(RunSpec run, RunSummaries records, Suite suite, RecordStore store) {
      try {
        Optional<RunSummary> record = records.of(run);
        return record.isEmpty()
            ? new State(run, record, PendingRuns.NOTHING, false, Optional.empty())
            : recorded(run, record.get(), suite.evaluation(run), store);
      } catch (IOException e) {
        String note = "a damaged record, trained again: " + e.getMessage();
        return new State(run, Optional.empty(), PendingRuns.NOTHING, true, Optional.of(note));
      }
    }

    private static State recorded(
        RunSpec run, RunSummary record, Evaluation asked, RecordStore store) {
      Optional<String> note = Optional.empty();
      boolean hasDetails = store.hasDetails(run, asked);
      try {
        store.checkDetails(run, asked);
      } catch (IOException e) {
        note = Optional.of("damaged details, computed again: " + e.getMessage());
        hasDetails = false;
      }
      PendingRuns need = PendingRuns.of(run, record, asked, hasDetails, store);
      return new State(run, Optional.of(record), need, false, note);
    }
  }

  /**
   * The runs that {@link #evaluation} considers: those of a suite, and those that repeat its
   * diverged ones and have a record.
   */
  public static List<RunSpec> runsAndRepeats(Suite suite, RecordStore store) {
    return runsAndRepeats(suite, store, store.summaries(suite.runs()));
  }

  private static List<RunSpec> runsAndRepeats(
      Suite suite, RecordStore store, RunSummaries records) {
    Stream<RunSpec> recorded =
        repeats(suite, records).filter(repeat -> store.isRecorded(repeat.id().hex()));
    return Stream.concat(suite.runs().stream(), recorded).distinct().toList();
  }

  private static Stream<RunSpec> repeats(Suite suite, RunSummaries records) {
    return suite.runs().stream()
        .filter(run -> hasDiverged(run, records))
        .flatMap(run -> suite.repeatOf(run).stream());
  }

  private static boolean hasDiverged(RunSpec run, RunSummaries records) {
    try {
      return records.of(run).filter(r -> r.outcome() instanceof Outcome.Diverged).isPresent();
    } catch (IOException e) {
      return false; // damaged: reported with the run itself
    }
  }

  /**
   * The work to compute estimates again from the stored weights of the suite's finished runs and
   * repetitions. Trains only runs whose weights were damaged and renamed. Other estimates in the
   * records stay.
   */
  public Plan evaluation(Suite suite) throws IOException {
    List<RunSpec> done = new ArrayList<>();
    List<RunSpec> evaluations = new ArrayList<>();
    Set<RunId> lost = new LinkedHashSet<>();
    List<String> notes = new ArrayList<>(damagedFingerprints(suite));
    Set<RunId> setAside = store.lostWeights();
    RunSummaries records = store.summaries(suite.runs());
    for (RunSpec run : runsAndRepeats(suite, store, records)) {
      boolean finished = hasFinished(run, records, notes);
      if (finished && setAside.contains(run.id())) {
        notes.add(
            "the weights of run %s were damaged and have been renamed: it is trained again"
                .formatted(run.id()));
        lost.add(run.id());
      } else if (finished && Files.exists(store.weightsFile(run.id()))) {
        evaluations.add(run);
      } else {
        done.add(run);
        if (finished) {
          notes.add("the weights of run %s are missing: it is not evaluated".formatted(run.id()));
        }
      }
    }
    List<RunSpec> all =
        Stream.concat(suite.runs().stream(), repeats(suite, records)).distinct().toList();
    List<Cohort> cohorts = new CohortBuilder(chunks(all), store).of(lost, lost);
    return new Plan(suite, done, evaluations, longestFirst(cohorts), notes);
  }

  private static boolean hasFinished(RunSpec run, RunSummaries records, List<String> notes) {
    try {
      return records.of(run).filter(r -> r.outcome() instanceof Outcome.Finished).isPresent();
    } catch (IOException e) {
      notes.add("a damaged record, not evaluated: " + e.getMessage());
      return false;
    }
  }

  /**
   * Groups of K consecutive declared runs of equal shape, finished or not: a function only of the
   * declared runs and the workers.
   */
  private List<Cohort> chunks(List<RunSpec> all) {
    Map<String, List<RunSpec>> shapes = new LinkedHashMap<>();
    for (RunSpec run : all) {
      shapes.computeIfAbsent(RunFields.shape(run), shape -> new ArrayList<>()).add(run);
    }
    List<Cohort> chunks = new ArrayList<>();
    for (List<RunSpec> runs : shapes.values()) {
      RunSpec first = runs.getFirst();
      int stacked = stacking.largest(MemoryEstimate.of(first), first.training().batch());
      int k = cohortSize(stacked, runs.size());
      for (int from = 0; from < runs.size(); from += k) {
        chunks.add(new Cohort(runs.subList(from, Math.min(from + k, runs.size()))));
      }
    }
    return chunks;
  }

  /** K for that number of runs, with that maximum, such that all workers have even work. */
  int cohortSize(int stacked, int runs) {
    int cohorts = (runs + stacked - 1) / stacked;
    int all = workers * shard.count();
    int even = (cohorts + all - 1) / all * all;
    return (runs + even - 1) / even;
  }
}
