package org.ratescope.cli.results;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.process.ShellWord;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.study.SuiteFolder;
import org.ratescope.yaml.StudyFileException;

/**
 * The studies whose files are in some folders: {@code *.yaml}, and sub-folders that are suites or
 * have single studies; each also with each of its profiles. Where {@code suite.yaml} names a
 * profile, the runs of its files without one are others, so these files are studies too.
 *
 * @param studies the studies, one for each file or suite and profile
 * @param faults messages about files that seem to be studies and cannot be read
 */
record NearbyStudies(List<Named> studies, List<String> faults) {
  NearbyStudies {
    studies = List.copyOf(studies);
    faults = List.copyOf(faults);
  }

  /**
   * A study as one names it on the command line.
   *
   * @param place its file or folder
   * @param profile its profile
   * @param suite its runs
   * @param ofSuite whether it is a file of a suite that is also among the studies
   */
  record Named(Path place, Optional<String> profile, Suite suite, boolean ofSuite) {
    String words() {
      return ShellWord.quoted(place.toString())
          + profile.map(name -> " --profile " + ShellWord.quoted(name)).orElse("");
    }

    /** Whether it declares a run, or repeats a diverged one in it. */
    boolean declares(RunSpec run) {
      return !suite.studies(run).isEmpty();
    }
  }

  /** Reads the studies in these folders. */
  static NearbyStudies in(List<Path> folders) {
    List<Named> studies = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Path folder : folders) {
      places(folder).forEach(place -> add(place, studies, faults));
    }
    return new NearbyStudies(studies, faults);
  }

  /** Reads the studies in the current folder and beside a results folder. */
  static NearbyStudies around(Path results) {
    Set<Path> folders = new LinkedHashSet<>(List.of(Path.of("")));
    Path beside = results.toAbsolutePath().normalize().getParent();
    if (beside != null && !beside.equals(Path.of("").toAbsolutePath())) {
      folders.add(beside);
    }
    return in(List.copyOf(folders));
  }

  private static void add(Path place, List<Named> studies, List<String> faults) {
    boolean folder = Files.isDirectory(place);
    try {
      read(place, studies);
    } catch (StudyFileException e) {
      if (folder && !Files.exists(place.resolve(SuiteFolder.FILE))) {
        SuiteFolder.studyFiles(place).forEach(file -> add(file, studies, faults));
      } else if (folder || StudyFile.seemsToBe(place)) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private static List<Path> places(Path folder) {
    List<Path> places = new ArrayList<>();
    boolean here = folder.toString().isEmpty();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.toAbsolutePath())) {
      for (Path entry : entries) {
        boolean file = entry.toString().endsWith(".yaml") && Files.isRegularFile(entry);
        if ((file && !entry.endsWith(SuiteFolder.FILE)) || SuiteFolder.isSuite(entry)) {
          places.add(here ? entry.getFileName() : entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    return places.stream().sorted().toList();
  }

  private static void read(Path place, List<Named> studies) throws StudyFileException {
    boolean isSuite = Files.isDirectory(place);
    List<Path> files = isSuite ? SuiteFolder.studyFiles(place) : List.of(place);
    Set<@Nullable String> profiles = new LinkedHashSet<>();
    profiles.add(null);
    for (Path file : files) {
      profiles.addAll(StudyFile.profiles(file));
    }
    for (String profile : profiles) {
      Suite suite =
          isSuite
              ? SuiteFolder.read(place, profile, StudyFile.Vocabulary.OPEN)
              : Suite.of(StudyFile.read(place, profile), Optional.ofNullable(profile));
      studies.add(new Named(place, Optional.ofNullable(profile), suite, false));
      if (isSuite && profile == null && suite.profile().isPresent()) {
        for (Path file : files) {
          studies.add(new Named(file, Optional.empty(), Suite.of(StudyFile.read(file)), true));
        }
      }
    }
  }

  /** The studies that declare a run. */
  List<Named> of(RunSpec run) {
    return studies.stream().filter(study -> study.declares(run)).toList();
  }

  /**
   * The data of a run as the studies give them, with the place of the user's own images. Studies
   * may differ in it: a run's id has the name of its images, not their place.
   */
  List<DataSpec> data(RunSpec run) {
    return of(run).stream()
        .flatMap(study -> study.suite().data().stream())
        .filter(run.data()::equals)
        .toList();
  }
}
