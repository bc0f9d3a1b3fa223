package org.ratescope.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.ratescope.data.ImageSet;
import org.ratescope.estimate.Estimators;
import org.ratescope.record.RecordStore;
import org.ratescope.source.ImageLibrary;
import org.ratescope.study.Analysis;
import org.ratescope.study.DataSpec;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;
import org.ratescope.train.Checkpoint;
import org.ratescope.train.Cohort;

/**
 * Carries out a plan on this machine: one worker thread per core, each training one cohort at a
 * time.
 */
public final class LocalRunner implements Runner {
  private final RecordStore store;
  private final ImageLibrary library;
  private final int workers;
  private final Duration checkpointEvery;
  private final Estimators estimators;

  private LocalRunner(
      RecordStore store,
      ImageLibrary library,
      int workers,
      Duration checkpointEvery,
      Estimators estimators) {
    this.store = store;
    this.library = library;
    this.workers = workers;
    this.checkpointEvery = checkpointEvery;
    this.estimators = estimators;
  }

  /**
   * A runner that keeps results in {@code store} and data sets in the folder {@code cache}, with a
   * worker for each core and a checkpoint a minute.
   */
  public static LocalRunner of(RecordStore store, Path cache) {
    return of(store, ImageLibrary.at(cache));
  }

  /** The same with images from that library. */
  public static LocalRunner of(RecordStore store, ImageLibrary library) {
    return new LocalRunner(
        store,
        library,
        Runtime.getRuntime().availableProcessors(),
        Duration.ofMinutes(1),
        Estimators.standard());
  }

  /** The same with that many workers. */
  public LocalRunner workers(int count) {
    return new LocalRunner(store, library, count, checkpointEvery, estimators);
  }

  /** The same with a checkpoint of each cohort that often. */
  public LocalRunner checkpointEvery(Duration interval) {
    return new LocalRunner(store, library, workers, interval, estimators);
  }

  /** The same with other estimators. */
  public LocalRunner estimators(Estimators others) {
    return new LocalRunner(store, library, workers, checkpointEvery, others);
  }

  @Override
  public int run(Plan plan, Progress progress) throws IOException, InterruptedException {
    Progress one = new OneAtATime(progress);
    CohortRunner cohorts = cohorts(plan);
    Plan possible = prepare(plan, cohorts, one).plan();
    one.begin(possible);
    List<Callable<Integer>> work = new ArrayList<>();
    Set<RunId> wanted = possible.wanted();
    for (Cohort cohort : possible.cohorts()) {
      work.add(() -> cohorts.run(cohort, wanted, one));
    }
    for (RunSpec run : possible.evaluations()) {
      work.add(() -> cohorts.evaluate(run, one));
    }
    return carryOut(work);
  }

  /**
   * Does what precedes the cohorts of a plan, for a runner that has them carried out elsewhere:
   * makes and checks the images, and answers questions about the data.
   *
   * @throws IOException if no data set of the plan can be had, or the results folder has runs of
   *     other images
   */
  public Prepared prepare(Plan plan, Progress progress) throws IOException, InterruptedException {
    return prepare(plan, cohorts(plan), new OneAtATime(progress));
  }

  private CohortRunner cohorts(Plan plan) {
    return CohortRunner.of(plan.suite(), store, library)
        .checkpointEvery(checkpointEvery)
        .estimators(estimators);
  }

  private Prepared prepare(Plan plan, CohortRunner cohorts, Progress progress)
      throws IOException, InterruptedException {
    plan.suite().studies().forEach(study -> estimators.check(study.evaluation()));
    plan.notes().forEach(progress::note);
    Checkpoint.deleteFinished(store.checkpoints(), id -> Files.exists(store.recordFile(id)));
    List<Analysis> analyses = DataWork.missing(plan.suite(), store, progress);
    if (!plan.isToDo() && analyses.isEmpty()) {
      return new Prepared(plan, Map.of());
    }
    Map<DataSpec, Workplace> workplaces = workplaces(cohorts, plan, analyses, progress);
    int unused = carryOut(DataWork.all(workplaces, analyses, progress));
    Map<DataSpec, ImageSet> images = new LinkedHashMap<>();
    workplaces.forEach((data, workplace) -> images.put(data, workplace.images()));
    return new Prepared(plan.on(workplaces.keySet()), images);
  }

  /**
   * A workplace for each data set of the plan. One that cannot be had is left out and told, unless
   * there is no other.
   */
  private Map<DataSpec, Workplace> workplaces(
      CohortRunner cohorts, Plan plan, List<Analysis> analyses, Progress progress)
      throws IOException {
    Map<DataSpec, Workplace> workplaces = new LinkedHashMap<>();
    Map<DataSpec, Exception> failures = new LinkedHashMap<>();
    Set<DataSpec> wanted = new LinkedHashSet<>(plan.data());
    analyses.forEach(analysis -> wanted.add(analysis.data()));
    for (DataSpec data : wanted) {
      Optional<ImageSet> images = images(data, progress, failures);
      if (images.isPresent()) {
        workplaces.put(data, cohorts.workplace(images.get(), plan.recorded(data)));
      }
    }
    if (workplaces.isEmpty()) {
      Exception first = failures.values().iterator().next();
      throw first instanceof IOException io ? io : new IOException(first.getMessage(), first);
    }
    failures.forEach(
        (data, failure) ->
            progress.note(
                "%s cannot be had, its runs stay missing: %s"
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

  /**
   * Does all the work; the sum of the answers. If one fails, the others stop at their next step and
   * keep their state.
   */
  private int carryOut(List<Callable<Integer>> work) throws IOException, InterruptedException {
    ThreadFactory threads = Thread.ofPlatform().name("worker-", 0).factory();
    try (ExecutorService pool = Executors.newFixedThreadPool(workers, threads)) {
      try {
        ExecutorCompletionService<Integer> finished = new ExecutorCompletionService<>(pool);
        for (Callable<Integer> piece : work) {
          Future<Integer> unused = finished.submit(piece);
        }
        int unfinished = 0;
        for (int i = 0; i < work.size(); i++) {
          unfinished += finished.take().get();
        }
        return unfinished;
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } finally {
        pool.shutdownNow();
      }
    }
  }
}
