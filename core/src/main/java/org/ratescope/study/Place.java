package org.ratescope.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Where a value stands in a study file, or another YAML file.
 *
 * @param file the file's name as the caller gave it
 * @param line its line, from 1
 * @param key the dotted path of keys that leads to it; empty for the file as a whole
 */
public record Place(String file, int line, String key) {

  /** The place of a value under this one. */
  Place under(String name, int childLine) {
    return new Place(file, childLine, key.isEmpty() ? name : key + "." + name);
  }

  /** The place of an entry of the list that stands here; entries count from 1. */
  Place entry(int number, int entryLine) {
    return new Place(file, entryLine, "%s[%s]".formatted(key, number));
  }

  /** The error for a value that is not allowed here. */
  public StudyFileException error(String came, String allowed) {
    String where = file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ");
    return new StudyFileException(where + "came " + came + ", allowed: " + allowed);
  }

  /** The error for a name that is not one of {@code names}; it offers the nearest one. */
  StudyFileException unknown(String came, String name, Collection<String> names) {
    return error(came, String.join(", ", names) + suggestion(name, names));
  }

  private static String suggestion(String name, Collection<String> names) {
    String best = "";
    int least = Math.max(2, name.length() / 3) + 1;
    for (String candidate : names) {
      int edits = edits(name, candidate);
      if (edits < least && edits < candidate.length()) {
        least = edits;
        best = candidate;
      }
    }
    return best.isEmpty() ? "" : " (did you mean " + best + "?)";
  }

  /**
   * The Levenshtein distance: single-letter insertions, deletions and replacements from one word to
   * the other.
   */
  private static int edits(String from, String to) {
    List<Integer> row = new ArrayList<>();
    for (int j = 0; j <= to.length(); j++) {
      row.add(j);
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row.set(0, i);
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row.set(j, Math.min(replaced, 1 + Math.min(row.get(j), row.get(j - 1))));
      }
    }
    return row.getLast();
  }
}
