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
  record Stored(RecordStore store, RunRecord record) {}

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

  /**
   * The one run whose id begins with a text.
   *
   * @throws UsageException if there is none, or more than one
   * @throws IOException if its record is damaged, naming the file
   */
  static Stored find(String beginning, @Nullable Path results) throws IOException {
    String prefix = beginning.replaceFirst("^.*/", "").replaceFirst("\\.json$", "");
    List<Path> folders = folders(results);
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
