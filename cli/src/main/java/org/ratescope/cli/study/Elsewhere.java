package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Suite;

/**
 * Records of a study that a command did not read: in other results folders beside the one that it
 * read, in the current folder and beside the study file, and records of the study's other profiles.
 *
 * @param found the places
 */
record Elsewhere(List<Found> found) {
  static final Elsewhere NOWHERE = new Elsewhere(List.of());

  Elsewhere {
    found = List.copyOf(found);
  }

  /**
   * Records in one place.
   *
   * @param folder the results folder
   * @param profile the profile of the runs; empty for that of the command
   * @param records number of records
   */
  record Found(Path folder, String profile, long records) {
    String line() {
      return profile.isEmpty()
          ? "%s records of these runs are in %s: --results %s"
              .formatted(records, folder, ShellWord.quoted(folder.toString()))
          : "%s records of the profile %s are in %s: --profile %s"
              .formatted(records, profile, folder, ShellWord.quoted(profile));
    }

    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("results", folder.toString());
      fields.put("profile", profile);
      fields.put("records", records);
      return fields;
    }
  }

  /** Looks for records of a study that has missing runs. */
  static Elsewhere of(StudyOptions options, Suite read) throws IOException {
    List<Found> found = new ArrayList<>();
    Path own = options.results();
    Map<Path, Path> folders = new LinkedHashMap<>(); // as it is shown, by its whole path
    Path beside = own.toAbsolutePath().getParent();
    for (Path parent : Arrays.asList(Path.of(""), options.place(), beside)) {
      if (parent != null) {
        ResultsFolders.under(parent).forEach(folder -> folders.putIfAbsent(whole(folder), folder));
      }
    }
    folders.remove(whole(own));
    for (Path folder : folders.values()) {
      add(found, folder, "", read);
    }
    for (String profile : options.profiles()) {
      if (!read.profile().filter(profile::equals).isPresent()) {
        add(found, own, profile, options.read(profile));
      }
    }
    return new Elsewhere(found);
  }

  /** Prints where records are if the results folder that a command read has none of the study. */
  static void hint(StudyOptions options, Suite read, PrintWriter err) throws IOException {
    RecordStore store = options.store();
    if (read.runs().stream().noneMatch(run -> store.isRecorded(run.id().hex()))) {
      of(options, read).lines().forEach(err::println);
      err.flush();
    }
  }

  private static Path whole(Path folder) {
    return folder.toAbsolutePath().normalize();
  }

  private static void add(List<Found> found, Path folder, String profile, Suite suite) {
    RecordStore store = RecordStore.at(folder);
    long records = suite.runs().stream().filter(run -> store.isRecorded(run.id().hex())).count();
    if (records > 0) {
      found.add(new Found(folder, profile, records));
    }
  }

  List<String> lines() {
    return found.stream().map(Found::line).toList();
  }

  List<Map<String, Object>> fields() {
    return found.stream().map(Found::fields).toList();
  }
}
