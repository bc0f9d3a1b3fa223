package org.ratescope.cli.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ratescope.cli.process.UsageException;
import org.ratescope.io.lease.HeartbeatConfig;
import org.ratescope.io.lease.Leases;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Detail;
import org.ratescope.train.Checkpoint;

/**
 * The files of a results folder that no study needs. A record that cannot be read is never among
 * them, since nobody can say whose it is; nor is a checkpoint that cannot be read, or one with a
 * run that a study declares.
 *
 * @param store the results folder
 * @param runs runs that no study declares
 * @param checkpoints checkpoints of cohorts of which no study declares a run
 * @param cohorts the runs of these checkpoints
 * @param unreadable messages about records that cannot be read
 */
record Unneeded(
    RecordStore store,
    List<Orphan> runs,
    List<Leftover> checkpoints,
    List<RunId> cohorts,
    List<String> unreadable) {
  /** The folder to which files are moved, in the results folder. */
  static final String REMOVED = "removed";

  Unneeded {
    runs = List.copyOf(runs);
    checkpoints = List.copyOf(checkpoints);
    cohorts = List.copyOf(cohorts);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * A run that no study declares.
   *
   * @param record its record
   * @param files its files
   * @param bytes their size, as long as they are there
   */
  record Orphan(RunRecord record, List<Path> files, long bytes) {
    Orphan {
      files = List.copyOf(files);
    }

    static Orphan of(RunRecord record, List<Path> files) {
      return new Orphan(record, files, files.stream().mapToLong(StoredRuns::bytes).sum());
    }
  }

  /**
   * A checkpoint that no study needs.
   *
   * @param file the file
   * @param bytes its size, as long as it is there
   */
  record Leftover(Path file, long bytes) {}

  static Unneeded of(Path results, NearbyStudies studies) throws IOException {
    RecordStore store = RecordStore.at(results);
    List<Orphan> orphans = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    for (String id : StoredRuns.ids(results)) {
      try {
        Optional<RunRecord> record = store.read(new RunId(id));
        if (record.isPresent() && studies.of(record.get().spec()).isEmpty()) {
          orphans.add(Orphan.of(record.get(), files(store, record.get().id())));
        }
      } catch (IOException e) {
        unreadable.add(String.valueOf(e.getMessage()));
      }
    }
    Set<RunId> declared = declared(studies);
    List<Leftover> checkpoints = new ArrayList<>();
    List<RunId> cohorts = new ArrayList<>();
    for (List<RunId> runs : Checkpoint.cohorts(store.checkpoints())) {
      if (!runs.isEmpty() && runs.stream().noneMatch(declared::contains)) {
        Path file = Checkpoint.file(store.checkpoints(), runs);
        checkpoints.add(new Leftover(file, StoredRuns.bytes(file)));
        cohorts.addAll(runs);
      }
    }
    return new Unneeded(store, orphans, checkpoints, cohorts, unreadable);
  }

  private static Set<RunId> declared(NearbyStudies studies) {
    Set<RunId> declared = new HashSet<>();
    for (NearbyStudies.Named study : studies.studies()) {
      for (RunSpec run : study.suite().runs()) {
        declared.add(run.id());
        study.suite().repeatOf(run).ifPresent(repeat -> declared.add(repeat.id()));
      }
    }
    return declared;
  }

  private static List<Path> files(RecordStore store, RunId id) {
    Stream<Path> details = Stream.of(Detail.values()).map(d -> store.detailFile(d, id));
    return Stream.concat(
            // the record last: a run with a record but without weights would be trained again
            Stream.concat(details, Stream.of(store.weightsFile(id), store.timingFile(id))),
            Stream.of(store.recordFile(id)))
        .filter(Files::exists)
        .toList();
  }

  /** All files, those of one run beside each other. */
  List<Path> files() {
    List<Path> files = new ArrayList<>();
    runs.forEach(run -> files.addAll(run.files()));
    checkpoints.forEach(checkpoint -> files.add(checkpoint.file()));
    return files;
  }

  long bytes() {
    return runs.stream().mapToLong(Orphan::bytes).sum()
        + checkpoints.stream().mapToLong(Leftover::bytes).sum();
  }

  /**
   * Checks that no process trains one of these runs.
   *
   * @throws UsageException if one does
   */
  void requireIdle() throws IOException {
    Set<String> names = new HashSet<>();
    runs.forEach(run -> names.add(run.record().id().hex()));
    cohorts.forEach(run -> names.add(run.hex()));
    if (Leases.areHeld(store.leases(), HeartbeatConfig.STANDARD, names)) {
      throw new UsageException(
          "%s: a process trains some of these runs; clean when it has ended"
              .formatted(store.root()));
    }
  }

  /** Moves all files, each to the same place under another folder; replaces nothing there. */
  void moveTo(Path folder) throws IOException {
    for (Path file : files()) {
      Path target = folder.resolve(store.root().relativize(file));
      for (int n = 2; Files.exists(target); n++) {
        target = target.resolveSibling(file.getFileName() + "-" + n);
      }
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
