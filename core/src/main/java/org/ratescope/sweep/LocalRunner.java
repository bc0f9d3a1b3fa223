package org.ratescope.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Estimators;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.io.lease.Leases;
import org.ratescope.plan.DataComparison;
import org.ratescope.plan.Plan;
import org.ratescope.plan.Planner;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Analysis;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.ProductRounding;
import org.ratescope.tensor.Scope;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;

/**
 * Carries out a plan on this machine: one worker thread for each core, each training one cohort at
 * a time. Several processes, on several machines, may work in one results folder: leases prevent
 * them from training the same runs (docs/sweeps.md).
 */
public final class LocalRunner implements Runner {
  private final RecordStore store;
  private final ImageLibrary library;
  private final RunnerOptions options;

  private LocalRunner(RecordStore store, ImageLibrary library, RunnerOptions options) {
    this.store = store;
    this.library = library;
    this.options = options;
  }

  /**
   * A runner that writes results to {@code store} and data sets to the folder {@code cache}, with a
   * worker for each core and a checkpoint every minute.
   */
  public static LocalRunner of(RecordStore store, Path cache) {
    return of(store, ImageLibrary.at(cache));
  }

  /** The same with images from that library. */
  public static LocalRunner of(RecordStore store, ImageLibrary library) {
    return new LocalRunner(store, library, new RunnerOptions());
  }

  private LocalRunner with(Consumer<RunnerOptions> change) {
    RunnerOptions changed = new RunnerOptions(options);
    change.accept(changed);
    return new LocalRunner(store, library, changed);
  }

  /** The same with that number of workers. */
  public LocalRunner workers(int count) {
    return with(changed -> changed.workers = count);
  }

  /** The same on a device: one worker trains one cohort at a time on it. */
  public LocalRunner on(Device device) {
    return with(changed -> changed.device = device);
  }

  /** The same with another interval between checkpoints. */
  public LocalRunner checkpointEvery(Duration interval) {
    return with(changed -> changed.checkpointEvery = interval);
  }

  /** The same with other estimators. */
  public LocalRunner estimators(Estimators others) {
    return with(changed -> changed.estimators = others);
  }

  /** The same with other heartbeats, which all processes in a results folder must share. */
  public LocalRunner pace(HeartbeatConfig pace) {
    return with(changed -> changed.pace = pace);
  }

  /** The same, but it does not wait for runs of other processes. */
  public LocalRunner withoutWaiting() {
    return with(changed -> changed.waits = false);
  }

  /** The same, but it stops when more than that number of runs have failed. */
  public LocalRunner allowedFailures(int count) {
    return with(changed -> changed.allowedFailures = count);
  }

  @Override
  public int run(Plan plan, Progress progress) throws IOException, InterruptedException {
    Begun begun = begin(plan, progress);
    List<Analysis> analyses = begun.analyses;
    if (!plan.isToDo() && analyses.isEmpty()) {
      Leases.clearUp(store.leases(), options.pace, store::isRecorded, store.folders());
      progress.accept(new ProgressEvent.SweepStarted(plan, Planner.operations(plan)));
      return 0;
    }
    try (Leases leases = Leases.open(store.leases(), options.pace);
        Scope scope = new Scope()) { // outlives the workers, which read the images it frees
      leases.sweep(store.folders());
      SynchronizedProgress one = new SynchronizedProgress(progress);
      int unfinished = run(plan, begun, shared(leases, one), one);
      leases.clear(store::isRecorded);
      leases.sweep(store.folders()); // after processes that died meanwhile
      deleteFinishedCheckpoints(Set.of());
      return unfinished;
    }
  }

  private int run(Plan plan, Begun begun, LeasedTaskExecutor shared, Progress progress)
      throws IOException, InterruptedException {
    CohortRunner runner = cohorts(plan);
    Map<DataSpec, DatasetContext> workplaces = workplaces(runner, plan, begun, progress);
    return checkingImages(
        workplaces.values(),
        progress,
        () -> run(plan, begun, runner, workplaces, shared, progress));
  }

  private int run(
      Plan plan,
      Begun begun,
      CohortRunner runner,
      Map<DataSpec, DatasetContext> workplaces,
      LeasedTaskExecutor shared,
      Progress progress)
      throws IOException, InterruptedException {
    Plan possible = plan.on(workplaces.keySet());
    Set<RunId> wanted = plan.wanted();
    List<Task> work =
        new ArrayList<>(shared.carryOutFree(DataTasks.all(workplaces, begun.analyses, progress)));
    progress.accept(new ProgressEvent.SweepStarted(possible, Planner.operations(possible)));
    for (boolean rounding : new boolean[] {false, true}) { // cohorts of both kinds take turns
      for (Cohort cohort : possible.cohorts()) {
        if (roundsProducts(cohort) == rounding) {
          work.add(new CohortTask(runner, store, cohort, wanted, progress));
        }
      }
    }
    for (RunSpec run : possible.evaluations()) {
      work.add(new EvaluationTask(at(workplaces, run), run, progress));
    }
    return shared.carryOut(work);
  }

  private static boolean roundsProducts(Cohort cohort) {
    return cohort.first().training().roundsProducts();
  }

  private interface Work {
    int carryOut() throws IOException, InterruptedException;
  }

  /**
   * Carries out work and compares the images with their checksums afterwards, also if the work was
   * interrupted or failed: it may have written records before.
   */
  private static int checkingImages(
      Collection<DatasetContext> workplaces, Progress progress, Work work)
      throws IOException, InterruptedException {
    int unfinished;
    try {
      unfinished = work.carryOut();
    } catch (IOException | InterruptedException | RuntimeException e) {
      renameIfChanged(workplaces).forEach(progress::note);
      throw e;
    }
    List<String> changes = renameIfChanged(workplaces);
    if (!changes.isEmpty()) {
      throw new IOException(String.join("\n", changes));
    }
    return unfinished;
  }

  private static List<String> renameIfChanged(Collection<DatasetContext> workplaces) {
    List<String> changes = new ArrayList<>();
    for (DatasetContext workplace : workplaces) {
      try {
        workplace.renameIfChanged().ifPresent(changes::add);
      } catch (IOException e) {
        changes.add(
            "%s: the images changed during this call, and a record could not be renamed: %s"
                .formatted(workplace.images().spec().text(), e.getMessage()));
      }
    }
    return changes;
  }

  /**
   * Does the work before the cohorts of a plan, for a runner that has them carried out elsewhere:
   * builds and checks the images, and computes analyses of the data.
   *
   * @throws IOException if no data set of the plan is available, or the results folder has runs on
   *     other images
   */
  public PreparedPlan prepare(Plan plan, Progress progress)
      throws IOException, InterruptedException {
    Begun begun = begin(plan, progress);
    List<Analysis> analyses = begun.analyses;
    if (!plan.isToDo() && analyses.isEmpty()) {
      return new PreparedPlan(plan, Map.of());
    }
    try (Leases leases = Leases.open(store.leases(), options.pace)) {
      leases.sweep(store.folders());
      SynchronizedProgress one = new SynchronizedProgress(progress);
      Map<DataSpec, DatasetContext> workplaces = workplaces(cohorts(plan), plan, begun, one);
      int unused =
          checkingImages(
              workplaces.values(),
              one,
              () -> shared(leases, one).carryOut(DataTasks.all(workplaces, analyses, one)));
      Map<DataSpec, ImageSet> images = new LinkedHashMap<>();
      workplaces.forEach((data, workplace) -> images.put(data, workplace.images()));
      return new PreparedPlan(plan.on(workplaces.keySet()), images);
    }
  }

  /**
   * The state before all work.
   *
   * @param comparison the data of the records, to be compared with each opened data set
   * @param analyses the missing analyses of the data
   */
  private record Begun(DataComparison comparison, List<Analysis> analyses) {}

  /**
   * Checks a plan, compares its records with the data, and deletes files that are no longer needed.
   */
  private Begun begin(Plan plan, Progress progress) throws IOException {
    plan.suite().studies().forEach(study -> options.estimators.check(study.evaluation()));
    if (plan.cohorts().stream().anyMatch(LocalRunner::roundsProducts)) {
      ProductRounding.require(options.device);
    }
    plan.notes().forEach(progress::note);
    deleteFinishedCheckpoints(plan.wanted());
    List<Analysis> analyses = DataTasks.missing(plan.suite(), store, progress);
    DataComparison comparison = DataComparison.of(plan.suite(), store, library);
    Set<DataSpec> opened = opened(plan, analyses);
    comparison.requireSame(opened, progress::preparing).forEach(progress::note);
    for (DataSpec data : plan.suite().data()) {
      if (data instanceof CustomImages && !opened.contains(data)) {
        tellSkipped(data, progress);
      }
    }
    return new Begun(comparison, analyses);
  }

  /** The same check for a data set without work. */
  private void tellSkipped(DataSpec data, Progress progress) {
    try {
      tellSkipped(library.source(data), progress);
    } catch (IOException | IllegalArgumentException e) {
      // the comparison has reported that the data are missing
    }
  }

  private static void tellSkipped(ImageSource source, Progress progress) {
    String skipped = source.notes().get(ImageSource.SKIPPED);
    if (skipped != null) {
      progress.note(source.spec().text() + ": files skipped: " + skipped);
    }
  }

  /** The data sets that a plan opens. */
  private static Set<DataSpec> opened(Plan plan, List<Analysis> analyses) {
    Set<DataSpec> opened = new LinkedHashSet<>(plan.data());
    analyses.forEach(analysis -> opened.add(analysis.data()));
    return opened;
  }

  /** Deletes checkpoints of cohorts whose runs are complete and that no process works on. */
  private void deleteFinishedCheckpoints(Set<RunId> wanted) throws IOException {
    Set<RunId> lost = store.lostWeights();
    Checkpoint.deleteFinished(
        store.checkpoints(),
        runs ->
            runs.stream()
                    .allMatch(
                        run -> !wanted.contains(run) && !lost.contains(run) && isRecorded(run))
                && !Leases.areHeld(
                    store.leases(), options.pace, runs.stream().map(RunId::hex).toList()));
  }

  private boolean isRecorded(RunId run) {
    try {
      return store.summary(run).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private LeasedTaskExecutor shared(Leases leases, SynchronizedProgress progress) {
    return new LeasedTaskExecutor(
        leases, options.workers, options.waits, options.pace, progress, options.allowedFailures);
  }

  private CohortRunner cohorts(Plan plan) {
    return CohortRunner.of(plan.suite(), store, library)
        .on(options.device)
        .checkpointEvery(options.checkpointEvery)
        .estimators(options.estimators);
  }

  private static DatasetContext at(Map<DataSpec, DatasetContext> workplaces, RunSpec run) {
    return Objects.requireNonNull(workplaces.get(run.data()));
  }

  /**
   * A context for each data set of the plan. Omits and reports a data set that is not available,
   * unless there is no other.
   */
  private Map<DataSpec, DatasetContext> workplaces(
      CohortRunner cohorts, Plan plan, Begun begun, Progress progress) throws IOException {
    Map<DataSpec, DatasetContext> workplaces = new LinkedHashMap<>();
    Map<DataSpec, Exception> failures = new LinkedHashMap<>();
    for (DataSpec data : opened(plan, begun.analyses)) {
      if (data instanceof DataSpec.Tetrominoes) { // an impossible split fails before the rendering
        ImageSource source = library.source(data);
        plan.suite().studies().stream()
            .filter(study -> study.data().equals(data))
            .forEach(study -> DatasetContext.requireSplits(study, source::partition));
      }
      Optional<ImageSet> images = images(data, progress, failures);
      if (images.isPresent()) {
        tellSkipped(images.get().source(), progress);
        workplaces.put(data, cohorts.workplace(images.get(), begun.comparison));
      }
    }
    if (workplaces.isEmpty()) {
      Exception first = failures.values().iterator().next();
      throw first instanceof IOException io ? io : new IOException(first.getMessage(), first);
    }
    failures.forEach(
        (data, failure) ->
            progress.note(
                "%s is not available, its runs stay missing: %s"
                    .formatted(data.text(), failure.getMessage())));
    return workplaces;
  }

  private Optional<ImageSet> images(
      DataSpec data, Progress progress, Map<DataSpec, Exception> failures) throws IOException {
    try {
      return Optional.of(library.open(data, progress::preparing));
    } catch (IOException | IllegalArgumentException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      failures.put(data, e);
      return Optional.empty();
    }
  }
}
