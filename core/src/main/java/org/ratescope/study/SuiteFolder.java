package org.ratescope.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.text.Wording;
import org.ratescope.yaml.SourceLocation;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlFile;
import org.ratescope.yaml.YamlNode.Group;

/**
 * The form of a {@link Suite} on disk, documented in docs/study-file.md: a folder of study files,
 * {@code NAME.yaml}, and an optional {@code suite.yaml} with further settings.
 */
public final class SuiteFolder {
  /** The file with the settings of the suite itself. */
  public static final String FILE = "suite.yaml";

  private static final List<String> KEYS = List.of("name", "title", "profile", "studies");

  private final Path folder;
  private final Group about;

  /** Whether a path is a folder with {@code suite.yaml} or with a file that is probably a study. */
  public static boolean isSuite(Path place) {
    return Files.isRegularFile(place.resolve(FILE))
        || studyFiles(place).stream().anyMatch(StudyFile::seemsToBe);
  }

  /** The files {@code NAME.yaml} of a folder, sorted; none if it cannot be read. */
  public static List<Path> studyFiles(Path folder) {
    try {
      return list(folder);
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith(FILE))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private SuiteFolder(Path folder, Group about) {
    this.folder = folder;
    this.about = about;
  }

  /**
   * Reads all study files of a folder: those that {@code suite.yaml} names first, in that order,
   * then the others by name. A study without the profile is omitted.
   *
   * @param profile the profile's name; null for the one that {@code suite.yaml} names, or none
   * @throws StudyFileException if a file is unreadable or contains a value that is not allowed, if
   *     no study has the profile, or if two studies conflict
   */
  public static Suite read(Path folder, @Nullable String profile, StudyFile.Vocabulary vocabulary)
      throws StudyFileException {
    return read(folder, profile, vocabulary, Overrides.NONE);
  }

  /** The same with values that replace those of each study. */
  public static Suite read(
      Path folder, @Nullable String profile, StudyFile.Vocabulary vocabulary, Overrides overrides)
      throws StudyFileException {
    Path file = folder.resolve(FILE);
    SourceLocation top = new SourceLocation(file.toString(), 1, "");
    Group about =
        Files.exists(file)
            ? YamlFile.read(file, String.join(", ", KEYS)).asGroup(KEYS)
            : new Group(top, Map.of());
    SuiteFolder suite = new SuiteFolder(folder, about);
    return suite.read(
        profile == null ? suite.ownProfile() : Optional.of(profile), vocabulary, overrides);
  }

  private Optional<String> ownProfile() throws StudyFileException {
    return about.one("profile", ValueParser.name(List.of()).map(Optional::of), Optional.empty());
  }

  private Suite read(Optional<String> profile, StudyFile.Vocabulary vocabulary, Overrides overrides)
      throws StudyFileException {
    List<Study> studies = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    TreeSet<String> profiles = new TreeSet<>();
    for (Map.Entry<String, Path> entry : files().entrySet()) {
      List<String> own = StudyFile.profiles(entry.getValue());
      profiles.addAll(own);
      boolean left = profile.isPresent() && !own.contains(profile.get());
      Study study =
          StudyFile.read(
              entry.getValue(), left ? null : profile.orElse(null), vocabulary, overrides);
      if (left) {
        leftOut.add(study.name());
      } else {
        studies.add(study);
      }
    }
    if (studies.isEmpty()) {
      throw new StudyFileException(
          "%s: no study has the profile %s; expected %s"
                  .formatted(
                      folder,
                      Wording.quoted(profile.orElse("")),
                      profiles.isEmpty()
                          ? "no --profile, since no study has one"
                          : String.join(", ", profiles))
              + Wording.didYouMean(profile.orElse(""), profiles));
    }
    return suite(profile, studies, leftOut);
  }

  private Suite suite(Optional<String> profile, List<Study> studies, List<String> leftOut)
      throws StudyFileException {
    String name = about.one("name", ValueParser.name(List.of()), "");
    if (name.isEmpty()) {
      name = StudyReader.nameOf("folder", folderName(), about.place());
    }
    String title = about.one("title", StudyReader.TITLE, name);
    try {
      return Suite.of(name, title, profile, studies, leftOut);
    } catch (IllegalArgumentException e) {
      throw new StudyFileException(folder + ": " + e.getMessage());
    }
  }

  private String folderName() {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }

  /** Study files by name, in the order of the suite. */
  private Map<String, Path> files() throws StudyFileException {
    Map<String, Path> found = new TreeMap<>(Comparator.naturalOrder());
    try {
      for (Path file : list(folder)) {
        String name = String.valueOf(file.getFileName());
        found.put(name.substring(0, name.length() - ".yaml".length()), file);
      }
    } catch (IOException e) {
      throw new StudyFileException(folder + ": cannot be read: " + e);
    }
    if (found.isEmpty()) {
      throw new StudyFileException(
          folder + ": a folder without study files; expected at least one file NAME.yaml");
    }
    Map<String, Path> ordered = new LinkedHashMap<>();
    for (String name :
        about.list("studies", ValueParser.name(List.copyOf(found.keySet())), List.of())) {
      ordered.put(name, found.get(name));
    }
    found.forEach(ordered::putIfAbsent);
    return ordered;
  }
}
