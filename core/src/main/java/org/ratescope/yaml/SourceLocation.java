package org.ratescope.yaml;

import java.nio.file.Path;
import java.util.Collection;
import org.ratescope.spec.text.Wording;

/**
 * The location of a value in a study file or another YAML file, or in an option of the command
 * line.
 *
 * @param file the name of the file as the caller gave it, or the option
 * @param line its line, from 1; {@link #OPTION} for an option
 * @param key the dotted path of keys to the value; empty for the file as a whole
 */
public record SourceLocation(String file, int line, String key) {
  /** Stands for the line of a value that an option of the command line gives. */
  public static final int OPTION = 0;

  private static final int LONGEST_KEY = 200;

  /** The location of a value under this one. */
  public SourceLocation under(String name, int childLine) {
    return new SourceLocation(file, childLine, key.isEmpty() ? name : key + "." + name);
  }

  /** The location of an entry of the list at this location; entries count from 1. */
  SourceLocation entry(int number, int entryLine) {
    return new SourceLocation(file, entryLine, "%s[%s]".formatted(key, number));
  }

  /** The error for a value that is not allowed. */
  public StudyFileException error(String came, String expected) {
    return problem(came.equals(YamlNode.Nothing.CAME) ? "missing" : "got " + came, expected);
  }

  /** The error for any other fault at this location. */
  public StudyFileException problem(String problem, String expected) {
    return new StudyFileException(where() + problem + "; expected " + expected);
  }

  /** The error for text that cannot be parsed. */
  StudyFileException unreadable(String reason) {
    return new StudyFileException(where() + reason);
  }

  /** The error for a value that a parser of texts refused, in its words. */
  public StudyFileException refused(IllegalArgumentException reason) {
    return new StudyFileException(where() + reason.getMessage());
  }

  private String where() {
    String path = Wording.shown(key, LONGEST_KEY);
    return Wording.shown(file, Integer.MAX_VALUE)
        + (line == OPTION ? "" : ":" + line)
        + ": "
        + (key.isEmpty() ? "" : path + ": ");
  }

  /** A path that the value gives: from the file's folder, or as it is in an option. */
  public Path resolve(Path path) {
    return line == OPTION ? path : Path.of(file).resolveSibling(path);
  }

  /** The error for a name that is not one of {@code names}; it suggests the most similar name. */
  public StudyFileException unknown(String problem, String name, Collection<String> names) {
    return problem(problem, String.join(", ", names) + Wording.didYouMean(name, names));
  }
}
