package org.ratescope.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.ratescope.train.Checkpoint;

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
    estimators.check(plan.study().evaluation());
    plan.notes().forEach(progress::note);
    Checkpoint.deleteFinished(store.checkpoints(), id -> Files.exists(store.recordFile(id)));
    if (plan.cohorts().isEmpty() && plan.evaluations().isEmpty()) {
      progress.begin(plan);
      return 0;
    }
    Progress one = new OneAtATime(progress);
    Workplace workplace =
        Workplace.open(plan.study(), store, images(plan, one), estimators, checkpointEvery);
    one.begin(plan);
    List<Callable<Integer>> work = new ArrayList<>();
    plan.cohorts().forEach(cohort -> work.add(new CohortWork(workplace, cohort, one)));
    plan.evaluations().forEach(run -> work.add(new EvaluationWork(workplace, run, one)));
    return carryOut(work);
  }

  private ImageSet images(Plan plan, Progress progress) throws IOException {
    ImageSet images = library.open(plan.study().data(), progress::preparing);
    SameImages.require(plan, store, images);
    return images;
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
