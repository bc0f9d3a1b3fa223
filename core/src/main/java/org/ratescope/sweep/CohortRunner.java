package org.ratescope.sweep;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.estimate.Estimators;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.io.lease.Leases;
import org.ratescope.plan.DataComparison;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Suite;
import org.ratescope.tensor.Device;
import org.ratescope.tensor.OutOfMemory;
import org.ratescope.train.Cohort;

/**
 * Carries out single cohorts: trains or resumes them, evaluates, and writes weights and a record
 * for each run. This is the work of a worker, in this process or on a cluster; planning and waiting
 * are elsewhere. Each data set is opened once, on first use. Safe to use by several threads, each
 * of which trains on one core.
 */
public final class CohortRunner {
  private final Suite suite;
  private final RecordStore store;
  private final ImageLibrary library;
  private final Duration checkpointEvery;
  private final Estimators estimators;
  private final Device device;
  private final Map<Place, DatasetContext> workplaces;

  /** The images of a data set are stored once on each device. */
  private record Place(DataSpec data, Device device) {}

  private CohortRunner(
      Suite suite,
      RecordStore store,
      ImageLibrary library,
      Duration checkpointEvery,
      Estimators estimators,
      Device device,
      Map<Place, DatasetContext> workplaces) {
    this.suite = suite;
    this.store = store;
    this.library = library;
    this.checkpointEvery = checkpointEvery;
    this.estimators = estimators;
    this.device = device;
    this.workplaces = workplaces;
  }

  /**
   * A runner of cohorts with a checkpoint every minute.
   *
   * @param suite the studies, which define the estimates of each run
   * @param store the folder of checkpoints, weights and records
   * @param library the source of the images
   */
  public static CohortRunner of(Suite suite, RecordStore store, ImageLibrary library) {
    return new CohortRunner(
        suite,
        store,
        library,
        Duration.ofMinutes(1),
        Estimators.standard(),
        Device.CPU,
        new HashMap<>());
  }

  /** The same with another interval between checkpoints. */
  public CohortRunner checkpointEvery(Duration interval) {
    return new CohortRunner(suite, store, library, interval, estimators, device, new HashMap<>());
  }

  /** The same with other estimators. */
  public CohortRunner estimators(Estimators others) {
    return new CohortRunner(
        suite, store, library, checkpointEvery, others, device, new HashMap<>());
  }

  /** The same for cohorts of another suite. Both share opened data sets. */
  public CohortRunner suite(Suite other) {
    return new CohortRunner(other, store, library, checkpointEvery, estimators, device, workplaces);
  }

  /** The same with cohorts computed on a device. Both share opened data sets. */
  public CohortRunner on(Device other) {
    return new CohortRunner(suite, store, library, checkpointEvery, estimators, other, workplaces);
  }

  /**
   * The images of a data set, opened on first use.
   *
   * @throws IOException if they can be neither read nor built
   */
  public ImageSet images(DataSpec data, Progress progress) throws IOException {
    return workplace(data, progress).images();
  }

  /**
   * Trains all runs of a cohort and writes records of the requested ones. The others are trained
   * too so that the bits are identical, since a product may round differently in another cohort.
   *
   * @return how many of the requested runs did not finish (diverged or failed)
   * @throws IOException if the results or the images cannot be read or written
   * @throws IllegalArgumentException if the data set does not support the split of a study
   * @throws InterruptedException if the calling thread is interrupted; a checkpoint was written
   */
  public int run(Cohort cohort, Set<RunId> wanted, Progress progress)
      throws IOException, InterruptedException {
    return run(cohort, wanted, WriteGuard.UNDISPUTED, progress);
  }

  /**
   * The same with other processes in the results folder: under a lease, and without the runs that
   * others have recorded meanwhile. Waits for runs of other processes, and takes over those of dead
   * ones.
   */
  public int run(
      Cohort cohort, Set<RunId> wanted, Leases leases, HeartbeatConfig pace, Progress progress)
      throws IOException, InterruptedException {
    SynchronizedProgress one = new SynchronizedProgress(progress);
    return carryOut(new CohortTask(this, store, cohort, wanted, one), leases, pace, one);
  }

  private static int carryOut(
      Task piece, Leases leases, HeartbeatConfig pace, SynchronizedProgress progress)
      throws IOException, InterruptedException {
    return new LeasedTaskExecutor(leases, 1, true, pace, progress, Integer.MAX_VALUE)
        .carryOut(List.of(piece));
  }

  /** The same if other processes may take runs over. */
  int run(Cohort cohort, Set<RunId> wanted, WriteGuard claim, Progress progress)
      throws IOException, InterruptedException {
    DatasetContext workplace = workplace(cohort.first().data(), progress);
    try {
      return new CohortTasks(workplace, cohort, wanted, claim, progress).call();
    } catch (OutOfMemory e) {
      progress.note(
          "cohort %s of %d runs does not fit into memory, and is trained in two parts, whose numbers may differ in the last digits: %s"
              .formatted(cohort.id(), cohort.size(), firstLine(e)));
      return runHalves(cohort, e.left(), claim, progress);
    }
  }

  /**
   * The checkpoint of the whole cohort stays until its runs are recorded: it may come from a
   * machine with more memory.
   */
  private int runHalves(Cohort cohort, Set<RunId> wanted, WriteGuard claim, Progress progress)
      throws IOException, InterruptedException {
    int half = (cohort.size() + 1) / 2;
    int unfinished = 0;
    for (List<RunSpec> part :
        List.of(cohort.runs().subList(0, half), cohort.runs().subList(half, cohort.size()))) {
      if (part.stream().anyMatch(run -> wanted.contains(run.id()))) {
        unfinished += run(new Cohort(part), wanted, claim, progress);
      } else {
        progress.accept(CohortTasks.notMade(cohort, new Cohort(part).modelSteps()));
      }
    }
    return unfinished;
  }

  private static String firstLine(OutOfMemory e) {
    return String.valueOf(e.getCause()).lines().findFirst().orElse("");
  }

  /**
   * Evaluates the stored weights of a run again, and replaces its record, under a lease.
   *
   * @return 0, since a run with weights has finished
   * @throws IOException if the record, the weights or the images cannot be read or written
   */
  public int evaluate(RunSpec run, Leases leases, HeartbeatConfig pace, Progress progress)
      throws IOException, InterruptedException {
    SynchronizedProgress one = new SynchronizedProgress(progress);
    return carryOut(new EvaluationTask(workplace(run.data(), one), run, one), leases, pace, one);
  }

  private DatasetContext workplace(DataSpec data, Progress progress) throws IOException {
    synchronized (workplaces) {
      DatasetContext open = workplaces.get(new Place(data, device));
      return open != null
          ? open.suite(suite)
          : workplace(
              library.open(data, progress::preparing),
              DataComparison.ofBegun(suite, store, library));
    }
  }

  /**
   * Uses images that are already open.
   *
   * @throws IOException if the results folder has runs on other images with the same data text
   */
  DatasetContext workplace(ImageSet images, DataComparison comparison) throws IOException {
    synchronized (workplaces) {
      comparison.requireSame(images);
      DatasetContext open =
          DatasetContext.open(suite, store, images, device, estimators, checkpointEvery);
      workplaces.put(new Place(images.spec(), device), open);
      return open;
    }
  }
}
