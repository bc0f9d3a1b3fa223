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
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.study.SuiteFolder;
import org.ratescope.yaml.StudyFileException;

/**
 * The studies whose files are in some folders: {@code *.yaml}, and sub-folders that are suites;
 * each also with each of its profiles.
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
   */
  record Named(Path place, Optional<String> profile, Suite suite) {
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
      for (Path place : places(folder)) {
        try {
          read(place, studies);
        } catch (StudyFileException e) {
          if (seemsToBeAStudy(place)) {
            faults.add(String.valueOf(e.getMessage()));
          }
        }
      }
    }
    return new NearbyStudies(studies, faults);
  }

  private static List<Path> places(Path folder) {
    List<Path> places = new ArrayList<>();
    boolean here = folder.toString().isEmpty();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.toAbsolutePath())) {
      for (Path entry : entries) {
        boolean file = entry.toString().endsWith(".yaml") && Files.isRegularFile(entry);
        if ((file && !entry.endsWith(SuiteFolder.FILE)) || isSuite(entry)) {
          places.add(here ? entry.getFileName() : entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    return places.stream().sorted().toList();
  }

  private static boolean isSuite(Path place) {
    return Files.isRegularFile(place.resolve(SuiteFolder.FILE));
  }

  private static void read(Path place, List<Named> studies) throws StudyFileException {
    Set<@Nullable String> profiles = new LinkedHashSet<>();
    profiles.add(null);
    if (isSuite(place)) {
      for (Path file : places(place)) {
        profiles.addAll(StudyFile.profiles(file));
      }
    } else {
      profiles.addAll(StudyFile.profiles(place));
    }
    for (String profile : profiles) {
      Suite suite =
          isSuite(place)
              ? SuiteFolder.read(place, profile, StudyFile.Vocabulary.OPEN)
              : Suite.of(StudyFile.read(place, profile), Optional.ofNullable(profile));
      studies.add(new Named(place, Optional.ofNullable(profile), suite));
    }
  }

  /** Other programs have YAML files too. */
  private static boolean seemsToBeAStudy(Path place) {
    try {
      return Files.isDirectory(place)
          || Files.readString(place).matches("(?s).*\\b(splits|architectures|objective)\\s*:.*");
    } catch (IOException e) {
      return true;
    }
  }

  /** The studies that declare a run. */
  List<Named> of(RunSpec run) {
    return studies.stream().filter(study -> study.declares(run)).toList();
  }
}
