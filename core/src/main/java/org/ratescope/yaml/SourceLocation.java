package org.ratescope.yaml;

import java.util.Collection;
import org.ratescope.spec.text.Wording;

/**
 * The location of a value in a study file or another YAML file.
 *
 * @param file the name of the file as the caller gave it
 * @param line its line, from 1
 * @param key the dotted path of keys to the value; empty for the file as a whole
 */
public record SourceLocation(String file, int line, String key) {
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

  private String where() {
    String path = Wording.shown(key, LONGEST_KEY);
    return Wording.shown(file, Integer.MAX_VALUE)
        + ":"
        + line
        + ": "
        + (key.isEmpty() ? "" : path + ": ");
  }

  /** The error for a name that is not one of {@code names}; it suggests the most similar name. */
  public StudyFileException unknown(String problem, String name, Collection<String> names) {
    return problem(problem, String.join(", ", names) + Wording.didYouMean(name, names));
  }
}
