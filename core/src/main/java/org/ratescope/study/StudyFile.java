package org.ratescope.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.text.Wording;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.YamlFile;
import org.ratescope.yaml.YamlNode;
import org.ratescope.yaml.YamlNode.Group;

/**
 * The YAML form of a {@link Study}, documented in docs/study-file.md: a grid of runs, and named
 * profiles that replace some of its values. Every error in a file is one {@link StudyFileException}
 * with the location, the value found and the values expected.
 */
public final class StudyFile {
  private StudyFile() {}

  /**
   * Names of estimators and figures, which users can extend. A file with another name is refused.
   * An empty list allows all names.
   *
   * @param estimators names of estimators
   * @param figures names of figures
   * @param pluginHint where an unknown estimator, architecture, likelihood or prior may be found,
   *     to follow the error; or empty
   */
  public record Vocabulary(List<String> estimators, List<String> figures, String pluginHint) {
    /** Allows all names. */
    public static final Vocabulary OPEN = new Vocabulary(List.of(), List.of());

    public Vocabulary(List<String> estimators, List<String> figures) {
      this(estimators, figures, "");
    }

    public Vocabulary {
      estimators = List.copyOf(estimators);
      figures = List.copyOf(figures);
    }
  }

  /**
   * Reads a study without a profile.
   *
   * @throws StudyFileException if the file is unreadable, or if it or one of its profiles contains
   *     a value that is not allowed
   */
  public static Study read(Path path) throws StudyFileException {
    return read(path, null);
  }

  /**
   * Reads a study with the values of a profile, mapping by mapping.
   *
   * @param profile the profile's name, or null for none
   * @throws StudyFileException as {@link #read(Path)}, and if the file does not have that profile
   */
  public static Study read(Path path, @Nullable String profile) throws StudyFileException {
    return read(path, profile, Vocabulary.OPEN);
  }

  /**
   * Reads a study, and checks the names of its estimators and figures.
   *
   * @param profile the profile's name, or null for none
   * @throws StudyFileException as {@link #read(Path, String)}, and for an unknown name
   */
  public static Study read(Path path, @Nullable String profile, Vocabulary vocabulary)
      throws StudyFileException {
    return read(path, profile, vocabulary, Overrides.NONE);
  }

  /**
   * The same with values that replace those of the file and of the profile.
   *
   * @throws StudyFileException also for a key or a value of the overrides that is not allowed
   */
  public static Study read(
      Path path, @Nullable String profile, Vocabulary vocabulary, Overrides overrides)
      throws StudyFileException {
    Group root = root(path);
    Group base = root.without(StudyReader.PROFILES);
    StudyReader reader = new StudyReader(nameOf(path), vocabulary);
    Study plain = reader.study(base);
    Study chosen = profile == null ? plain : null;
    for (Map.Entry<String, YamlNode> entry : profiles(root).entrySet()) {
      Group over = entry.getValue().asGroup(StudyReader.KEYS);
      Study study = reader.study(base.overlaid(over));
      if (entry.getKey().equals(profile)) {
        chosen = overrides.isEmpty() ? study : reader.study(overrides.applyTo(base.overlaid(over)));
      }
    }
    if (profile == null && !overrides.isEmpty()) {
      chosen = reader.study(overrides.applyTo(base));
    }
    if (chosen == null) {
      throw unknownProfile(root, String.valueOf(profile));
    }
    return chosen;
  }

  /**
   * Reads the text of a file that need not exist yet.
   *
   * @param path where it will be; relative paths of images count from its folder
   */
  public static Study parse(Path path, String text) throws StudyFileException {
    List<String> keys = StudyReader.KEYS;
    Group root = YamlFile.parse(path.toString(), text, String.join(", ", keys)).asGroup(keys);
    return new StudyReader(nameOf(path), Vocabulary.OPEN).study(root);
  }

  /** Whether a YAML file is probably a study, by its keys; other programs have YAML files too. */
  public static boolean seemsToBe(Path file) {
    try {
      return Files.readString(file)
          .matches("(?sm).*^(\\{.*\\b)?[\"']?(splits|architectures)[\"']?\\s*:.*");
    } catch (IOException e) {
      return true;
    }
  }

  /** Names of the profiles of a file. */
  public static List<String> profiles(Path path) throws StudyFileException {
    return List.copyOf(profiles(root(path)).keySet());
  }

  private static Group root(Path path) throws StudyFileException {
    List<String> keys = StudyReader.KEYS_AND_PROFILES;
    return YamlFile.read(path, String.join(", ", keys)).asGroup(keys);
  }

  private static Map<String, YamlNode> profiles(Group root) throws StudyFileException {
    YamlNode section = root.entries().get(StudyReader.PROFILES);
    return switch (section) {
      case null -> Map.of();
      case Group group -> group.entries();
      case YamlNode other ->
          throw other
              .place()
              .error(other.came(), "a mapping of profiles, each a mapping of study keys");
    };
  }

  private static StudyFileException unknownProfile(Group root, String profile)
      throws StudyFileException {
    YamlNode section = root.entries().get(StudyReader.PROFILES);
    String problem = "no profile " + Wording.quoted(profile);
    if (section == null) {
      return root.place()
          .under(StudyReader.PROFILES, 1)
          .problem(problem, "no --profile, since the file has none");
    }
    return section.place().unknown(problem, profile, profiles(root).keySet());
  }

  private static String nameOf(Path path) {
    Path last = path.getFileName();
    return last == null ? "" : last.toString().replaceFirst("\\.ya?ml$", "");
  }
}
