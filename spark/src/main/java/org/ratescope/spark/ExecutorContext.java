package org.ratescope.spark;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkFiles;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.source.ImageLibrary;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.io.lease.Leases;
import org.ratescope.progress.Progress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Detail;
import org.ratescope.study.Suite;
import org.ratescope.sweep.CohortRunner;
import org.ratescope.tensor.Device;
import org.ratescope.train.Cohort;

/**
 * The data that the tasks of one executor share: each data set, opened and verified once, and the
 * results folder. The images on the machine are found by their hash; if they are missing, the first
 * executor of the machine builds them and the others wait.
 */
final class ExecutorContext {
  private static final Map<String, ExecutorContext> OPEN = new HashMap<>();

  private final RecordStore store;
  private final Optional<Leases> leases; // where there are others
  private final CohortRunner cohorts;
  private final HeartbeatConfig heartbeats;

  private ExecutorContext(
      RecordStore store,
      Optional<Leases> leases,
      CohortRunner cohorts,
      HeartbeatConfig heartbeats) {
    this.store = store;
    this.leases = leases;
    this.cohorts = cohorts;
    this.heartbeats = heartbeats;
  }

  /**
   * This process's context for that storage mode, opened on first use.
   *
   * @param first the suite of the first task
   */
  static synchronized ExecutorContext at(StorageMode site, ExecutorPace pace, Suite first)
      throws IOException {
    String root = SparkFiles.getRootDirectory();
    String key = root + " " + site;
    ExecutorContext open = OPEN.get(key);
    if (open == null) {
      Folders folders =
          switch (site) {
            case StorageMode.Shared shared -> folders(shared);
            case StorageMode.Apart apart -> unpacked(apart, Path.of(root).toAbsolutePath());
          };
      CohortRunner cohorts = CohortRunner.of(first, folders.store(), folders.library());
      Optional<Leases> leases =
          site instanceof StorageMode.Shared
              ? Optional.of(Leases.open(folders.store().leases(), pace.heartbeats()))
              : Optional.empty();
      open =
          new ExecutorContext(
              folders.store(),
              leases,
              cohorts.checkpointEvery(pace.checkpoints()),
              pace.heartbeats());
      OPEN.put(key, open);
    }
    return open;
  }

  private record Folders(RecordStore store, ImageLibrary library) {}

  /** Closes all, when the executor ends. */
  static synchronized void closeAll() {
    for (ExecutorContext open : OPEN.values()) {
      try {
        if (open.leases.isPresent()) {
          open.leases.get().close();
        }
      } catch (IOException e) {
        // other processes will notice the missing heartbeats
      }
    }
    OPEN.clear();
  }

  private static Folders folders(StorageMode.Shared site) {
    return new Folders(
        RecordStore.at(Path.of(site.results())),
        ImageLibrary.at(Path.of(site.cache())).datasets(Path.of(site.datasets())));
  }

  private static Folders unpacked(StorageMode.Apart site, Path root) throws IOException {
    Path cache = root.resolve("ratescope-cache");
    for (StorageMode.Parcel parcel : site.parcels()) {
      unpack(Path.of(SparkFiles.get(parcel.name())), cache.resolve(parcel.place()));
    }
    return new Folders(RecordStore.at(root.resolve("ratescope-results")), ImageLibrary.at(cache));
  }

  private static void unpack(Path file, Path place) throws IOException {
    Files.createDirectories(place.toAbsolutePath().getParent());
    try {
      Files.createLink(place, file);
    } catch (FileAlreadyExistsException e) {
      // from an earlier application of this process
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(file, place, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Carries out a task. */
  ExecutorMessage.Answer carryOut(CohortTaskDescription task, Device device, Progress progress)
      throws IOException, InterruptedException {
    Cohort cohort = task.cohort();
    requireSameImages(cohort.first().data(), task.imagesSha256(), progress);
    switch (task.kind()) {
      case TRAIN -> train(task, cohort, device, progress);
      case EVALUATE -> evaluate(task, cohort.first(), device, progress);
    }
    return new ExecutorMessage.Answer(
        task.number(), leases.isEmpty() ? takeAway(cohort, task.wanted()) : List.of());
  }

  /**
   * On shared folders, with other processes: lost executors, copies of a task, other calls. The
   * records contain the outcomes of the runs.
   */
  private void train(CohortTaskDescription task, Cohort cohort, Device device, Progress progress)
      throws IOException, InterruptedException {
    CohortRunner runner = cohorts.suite(task.suite()).on(device);
    int unused =
        leases.isPresent()
            ? runner.run(cohort, task.wanted(), leases.get(), heartbeats, progress)
            : runner.run(cohort, task.wanted(), progress);
  }

  private void evaluate(CohortTaskDescription task, RunSpec run, Device device, Progress progress)
      throws IOException, InterruptedException {
    CohortRunner runner = cohorts.suite(task.suite()).on(device);
    int unused = runner.evaluate(run, leases.orElseThrow(), heartbeats, progress);
  }

  private void requireSameImages(DataSpec data, String sha256, Progress progress)
      throws IOException {
    ImageSet here = cohorts.images(data, progress);
    if (!here.sha256().equals(sha256)) {
      throw new IOException(
          "%s: the images here (%s, SHA-256 %s) are not the driver's (%s)"
              .formatted(data.text(), here.file(), here.sha256(), sha256));
    }
  }

  /**
   * The files of these runs, in the order in which they may become visible; they are sent to the
   * driver.
   */
  private List<ExecutorMessage.Returned> takeAway(Cohort cohort, Set<RunId> wanted)
      throws IOException {
    List<ExecutorMessage.Returned> files = new ArrayList<>();
    for (RunSpec run : cohort.runs()) {
      if (wanted.contains(run.id())) {
        for (Path file : files(run.id())) {
          if (Files.exists(file)) {
            String place = store.root().relativize(file).toString();
            files.add(new ExecutorMessage.Returned(place, Files.readAllBytes(file)));
            Files.delete(file);
          }
        }
      }
    }
    return files;
  }

  /** A record is last: it means that the others exist. */
  private List<Path> files(RunId run) {
    List<Path> files = new ArrayList<>();
    files.add(store.weightsFile(run));
    for (Detail detail : Detail.values()) {
      files.add(store.detailFile(detail, run));
    }
    files.add(store.timingFile(run));
    files.add(store.recordFile(run));
    return files;
  }
}
