package org.ratescope.dataset.picture;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Number of skipped entries of a folder for each reason, with an example of each. */
public final class SkippedFiles {
  private static final String HIDDEN = "hidden";
  private static final int KINDS_SHOWN = 6;
  private static final int LONGEST_SUFFIX = 12;

  private final Path root;
  private final Map<String, Kind> kinds = new TreeMap<>();

  /**
   * Entries that are skipped for one reason.
   *
   * @param count their number
   * @param example the first of them, by name
   */
  private record Kind(int count, String example) {
    Kind and(Kind other) {
      return new Kind(
          count + other.count, example.compareTo(other.example) <= 0 ? example : other.example);
    }
  }

  private SkippedFiles(Path root) {
    this.root = root;
  }

  /** No entries yet, for that folder. */
  static SkippedFiles of(Path root) {
    return new SkippedFiles(root);
  }

  void add(SkippedFiles others) {
    others.kinds.forEach((reason, kind) -> kinds.merge(reason, kind, Kind::and));
  }

  void hidden(Path entry) {
    add(HIDDEN, entry);
  }

  /** A file whose name does not have the suffix of a picture. */
  void unknown(Path entry) {
    String name = entry.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String suffix = dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    boolean usual = suffix.length() > 1 && suffix.length() <= LONGEST_SUFFIX;
    add(usual ? suffix : "without a suffix", entry);
  }

  void add(String reason, Path entry) {
    kinds.merge(reason, new Kind(1, root.relativize(entry).toString()), Kind::and);
  }

  /** Number of all skipped entries. */
  public int total() {
    return kinds.values().stream().mapToInt(Kind::count).sum();
  }

  /** Number of skipped entries that are not hidden. */
  int visible() {
    return total() - (kinds.containsKey(HIDDEN) ? kinds.get(HIDDEN).count() : 0);
  }

  /** For each reason, the most frequent first: {@code 3 (2 .txt such as a.txt, 1 hidden …)}. */
  public String text() {
    List<Map.Entry<String, Kind>> sorted =
        kinds.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -entry.getValue().count()))
            .toList();
    String shown =
        sorted.stream().limit(KINDS_SHOWN).map(SkippedFiles::one).collect(Collectors.joining(", "));
    int others = sorted.stream().skip(KINDS_SHOWN).mapToInt(e -> e.getValue().count()).sum();
    return "%d (%s%s)".formatted(total(), shown, others == 0 ? "" : ", " + others + " others");
  }

  private static String one(Map.Entry<String, Kind> entry) {
    Kind kind = entry.getValue();
    String example = kind.count() == 1 ? ": " + kind.example() : ", such as " + kind.example();
    return "%d %s%s".formatted(kind.count(), entry.getKey(), example);
  }
}
