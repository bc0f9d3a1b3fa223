package org.ratescope.cli.results;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.UsageException;
import org.ratescope.cli.study.ResultsFolders;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.text.Wording;

/** The records in one or several results folders, by the beginning of their ids. */
final class StoredRuns {
  private static final int NAMED = 5;

  private StoredRuns() {}

  /**
   * A run with a record.
   *
   * @param store its folder
   * @param record its record
   */
  record Stored(RecordStore store, RunRecord record) {

    /**
     * The file of its weights.
     *
     * @throws UsageException if the run did not finish, or the file was deleted
     */
    Path weights() {
      Path file = store.weightsFile(record.id());
      if (!(record.outcome() instanceof Outcome.Finished)) {
        throw new UsageException(
            "run %s has the outcome %s; expected a finished run, which has weights"
                .formatted(record.id(), record.outcome().word()));
      }
      if (!Files.exists(file)) {
        throw new UsageException(
            "%s: no such file; expected the weights of run %s: remove its record %s and call 'ratescope run' to train it again"
                .formatted(file, record.id(), store.recordFile(record.id())));
      }
      return file;
    }
  }

  /** The folder that the user named, or all results folders in the current one. */
  static List<Path> folders(@Nullable Path results) {
    return results == null ? ResultsFolders.under(Path.of("")) : List.of(results);
  }

  /** The ids of all record files of a folder, sorted. */
  static List<String> ids(Path results) {
    Path records = results.resolve("records");
    Set<String> ids = new LinkedHashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(records, "*.json")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
        if (name.matches("[0-9a-f]{16}")) {
          ids.add(name);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    return ids.stream().sorted().toList();
  }

  /** The results folder that a path to a record names, or else the one that the user named. */
  private static @Nullable Path folder(String run, @Nullable Path results) {
    Path place = Path.of(run).toAbsolutePath().getParent();
    boolean isPath = run.contains("/") && place != null && place.endsWith("records");
    return results == null && isPath ? Path.of(run).resolveSibling("..").normalize() : results;
  }

  /**
   * The one run whose id begins with a text, or whose record file it names.
   *
   * @throws UsageException if there is none, or more than one
   * @throws IOException if its record is damaged, naming the file
   */
  static Stored find(String beginning, @Nullable Path results) throws IOException {
    String prefix = beginning.replaceFirst("^.*/", "").replaceFirst("\\.json$", "");
    List<Path> folders = folders(folder(beginning, results));
    List<Stored> found = new ArrayList<>();
    List<String> all = new ArrayList<>();
    Set<String> ids = new LinkedHashSet<>();
    for (Path folder : folders) {
      List<String> here = ids(folder);
      all.addAll(here);
      for (String id : here.stream().filter(id -> id.startsWith(prefix)).toList()) {
        if (ids.add(id) && ids.size() == 1) {
          RecordStore store = RecordStore.at(folder);
          store.read(new RunId(id)).ifPresent(record -> found.add(new Stored(store, record)));
        }
      }
    }
    if (ids.size() > 1) {
      throw new UsageException(
          "got run %s, the beginning of %s ids; expected more of one: %s"
              .formatted(Wording.quoted(beginning), ids.size(), some(ids.stream())));
    }
    if (found.isEmpty()) {
      throw new UsageException(
          "got run %s; expected the beginning of the id of a record in %s%s"
              .formatted(
                  Wording.quoted(beginning),
                  folders.isEmpty()
                      ? "a results folder, and none is here: name one with --results"
                      : some(folders.stream().map(Path::toString)),
                  Wording.didYouMean(prefix, all)));
    }
    return found.getFirst();
  }

  private static String some(Stream<String> texts) {
    List<String> all = texts.toList();
    return all.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (all.size() > NAMED ? ", ..." : "");
  }

  /** Bytes of all files of a folder; 0 where there is none. */
  static long bytes(Path folder) {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(StoredRuns::size).sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // deleted meanwhile
    }
  }

  /** A size for people. */
  static String size(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    return bytes < 10_000_000 ? bytes / 1000 + " kB" : bytes / 1_000_000 + " MB";
  }
}
