package org.ratescope.run;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ratescope.data.ImageSet;
import org.ratescope.estimate.Estimators;
import org.ratescope.lease.Leases;
import org.ratescope.lease.Pace;
import org.ratescope.plan.DataComparison;
import org.ratescope.record.RecordStore;
import org.ratescope.source.ImageLibrary;
import org.ratescope.study.DataSpec;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;
import org.ratescope.study.Suite;
import org.ratescope.torch.Device;
import org.ratescope.train.Cohort;

/**
 * Carries out single cohorts: trains or resumes, evaluates, and leaves weights and a record for
 * each run. This is what a worker does, of this process or of a cluster; who plans and who waits
 * for whom is not decided here. Each data set is opened once, on first use. Safe to use by several
 * threads, each of which trains with one core.
 */
public final class CohortRunner {
  private final Suite suite;
  private final RecordStore store;
  private final ImageLibrary library;
  private final Duration checkpointEvery;
  private final Estimators estimators;
  private final Device device;
  private final Map<Place, Workplace> workplaces;

  /** A data set's images are resident once on each device. */
  private record Place(DataSpec data, Device device) {}

  private CohortRunner(
      Suite suite,
      RecordStore store,
      ImageLibrary library,
      Duration checkpointEvery,
      Estimators estimators,
      Device device,
      Map<Place, Workplace> workplaces) {
    this.suite = suite;
    this.store = store;
    this.library = library;
    this.checkpointEvery = checkpointEvery;
    this.estimators = estimators;
    this.device = device;
    this.workplaces = workplaces;
  }

  /**
   * A runner of cohorts with a checkpoint a minute.
   *
   * @param suite the studies, which say what is estimated about each run
   * @param store where checkpoints, weights and records go
   * @param library where images come from
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

  /** The same with a checkpoint of each cohort that often. */
  public CohortRunner checkpointEvery(Duration interval) {
    return new CohortRunner(suite, store, library, interval, estimators, device, new HashMap<>());
  }

  /** The same with other estimators. */
  public CohortRunner estimators(Estimators others) {
    return new CohortRunner(
        suite, store, library, checkpointEvery, others, device, new HashMap<>());
  }

  /** The same for cohorts of another suite. What is opened for one is there for both. */
  public CohortRunner suite(Suite other) {
    return new CohortRunner(other, store, library, checkpointEvery, estimators, device, workplaces);
  }

  /** The same with cohorts computed on a device. What is opened for one is there for both. */
  public CohortRunner on(Device other) {
    return new CohortRunner(suite, store, library, checkpointEvery, estimators, other, workplaces);
  }

  /**
   * The images of a data set, opened on first use.
   *
   * @throws IOException if they can be neither read nor made
   */
  public ImageSet images(DataSpec data, Progress progress) throws IOException {
    return workplace(data, progress).images();
  }

  /** Carries out a cohort whose runs are all wanted. */
  public int run(Cohort cohort, Progress progress) throws IOException, InterruptedException {
    Set<RunId> all = new HashSet<>();
    cohort.runs().forEach(run -> all.add(run.id()));
    return run(cohort, all, progress);
  }

  /**
   * Trains all runs of a cohort and leaves records of those that are wanted. The others are trained
   * beside them for the sake of equal bits, since a product may round differently in another
   * cohort.
   *
   * @return how many of the wanted runs did not finish (diverged or failed)
   * @throws IOException if the results or the images cannot be read or written
   * @throws IllegalArgumentException if the data set cannot be split as a study asks
   * @throws InterruptedException if the calling thread is interrupted; a checkpoint was written
   */
  public int run(Cohort cohort, Set<RunId> wanted, Progress progress)
      throws IOException, InterruptedException {
    return run(cohort, wanted, Claim.UNDISPUTED, progress);
  }

  /**
   * The same beside other processes in the results folder: under a lease, and not what others have
   * recorded meanwhile. What they work on is waited for, and taken over from the dead.
   */
  public int run(Cohort cohort, Set<RunId> wanted, Leases leases, Pace pace, Progress progress)
      throws IOException, InterruptedException {
    OneAtATime one = new OneAtATime(progress);
    return carryOut(new CohortPiece(this, store, cohort, wanted, one), leases, pace, one);
  }

  private static int carryOut(Piece piece, Leases leases, Pace pace, OneAtATime progress)
      throws IOException, InterruptedException {
    return new SharedWork(leases, 1, true, pace, progress, Integer.MAX_VALUE)
        .carryOut(List.of(piece));
  }

  /** The same where other processes may take runs over. */
  int run(Cohort cohort, Set<RunId> wanted, Claim claim, Progress progress)
      throws IOException, InterruptedException {
    Workplace workplace = workplace(cohort.first().data(), progress);
    try {
      return new CohortWork(workplace, cohort, wanted, claim, progress).call();
    } catch (OutOfMemory e) {
      progress.note(
          "cohort %s of %d runs does not fit the memory, and is trained in two halves, whose numbers may differ in the last digits: %s"
              .formatted(cohort.id(), cohort.size(), firstLine(e)));
      return runHalves(cohort, e.left(), claim, progress);
    }
  }

  /**
   * The checkpoint of the whole stays until its runs are recorded: it may come from a machine with
   * more memory.
   */
  private int runHalves(Cohort cohort, Set<RunId> wanted, Claim claim, Progress progress)
      throws IOException, InterruptedException {
    int half = (cohort.size() + 1) / 2;
    int unfinished = 0;
    for (List<RunSpec> part :
        List.of(cohort.runs().subList(0, half), cohort.runs().subList(half, cohort.size()))) {
      if (part.stream().anyMatch(run -> wanted.contains(run.id()))) {
        unfinished += run(new Cohort(part), wanted, claim, progress);
      } else {
        progress.resumed(new Cohort(part).modelSteps());
      }
    }
    return unfinished;
  }

  private static String firstLine(OutOfMemory e) {
    return String.valueOf(e.getCause()).lines().findFirst().orElse("");
  }

  /**
   * Evaluates the kept weights of a run again, and replaces its record, under a lease.
   *
   * @return 0, since a run with weights has finished
   * @throws IOException if the record, the weights or the images cannot be read or written
   */
  public int evaluate(RunSpec run, Leases leases, Pace pace, Progress progress)
      throws IOException, InterruptedException {
    OneAtATime one = new OneAtATime(progress);
    return carryOut(new EvaluationPiece(workplace(run.data(), one), run, one), leases, pace, one);
  }

  private Workplace workplace(DataSpec data, Progress progress) throws IOException {
    synchronized (workplaces) {
      Workplace open = workplaces.get(new Place(data, device));
      return open != null
          ? open.suite(suite)
          : workplace(
              library.open(data, progress::preparing),
              DataComparison.ofBegun(suite, store, library));
    }
  }

  /**
   * Takes images that are open already.
   *
   * @throws IOException if the results folder has runs of other data of the same text
   */
  Workplace workplace(ImageSet images, DataComparison comparison) throws IOException {
    synchronized (workplaces) {
      comparison.requireSame(images);
      Workplace open = Workplace.open(suite, store, images, device, estimators, checkpointEvery);
      workplaces.put(new Place(images.spec(), device), open);
      return open;
    }
  }
}
