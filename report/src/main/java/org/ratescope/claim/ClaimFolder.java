package org.ratescope.claim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.ratescope.io.Resources;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlFile;
import org.ratescope.yaml.YamlNode;
import org.ratescope.yaml.YamlNode.Group;

/**
 * A claim as a folder: {@code claim.yaml} with its sentences and formulas, and its SQL queries. See
 * docs/claims.md.
 */
final class ClaimFolder {
  private static final String FILE = "claim.yaml";
  private static final List<String> KEYS =
      List.of(
          "section",
          "figures",
          "studies",
          "text",
          "threshold",
          "caution",
          "tables",
          "query",
          "each",
          "curves",
          "values",
          "enough",
          "missing",
          "holds",
          "overall",
          "numbers",
          "summary",
          "effects");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final ValueParser<String> TEXT =
      ValueParser.matching("a text of at most 2000 characters", Pattern.compile("(?s).{1,2000}"));
  private static final ValueParser<String> TABLE =
      ValueParser.matching("the name of a table", NAME);
  private static final ValueParser<String> QUERY =
      ValueParser.matching(
          "the name of an SQL file without .sql", Pattern.compile("[a-z0-9][a-z0-9-]{0,63}"));

  private final Function<String, Optional<String>> files;
  private final Set<String> parameters = new TreeSet<>();

  private ClaimFolder(Function<String, Optional<String>> files) {
    this.files = files;
  }

  /** The built-in claim of that name. */
  static Claim builtIn(String name) {
    String file = name + "/" + FILE;
    try {
      return new ClaimFolder(query -> resource(name + "/" + query).or(() -> resource(query)))
          .read(name, YamlFile.parse(file, Resources.text(Claim.class, file), "of a claim"));
    } catch (StudyFileException e) {
      throw new IllegalStateException("the jar's file " + file + " is wrong", e);
    }
  }

  /**
   * A claim of the user's, whose queries lie in its folder or are built in.
   *
   * @throws StudyFileException naming file, line and key of what is wrong
   */
  static Claim read(Path folder) throws StudyFileException {
    Path real = real(folder);
    return new ClaimFolder(query -> file(real, query).or(() -> resource(query)))
        .read(
            String.valueOf(folder.getFileName()),
            YamlFile.read(within(real, folder.resolve(FILE)), "of a claim"));
  }

  private static Path real(Path folder) throws StudyFileException {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new StudyFileException(folder + " cannot be read: " + e);
    }
  }

  /** A stranger's folder must not show what lies elsewhere. */
  private static Path within(Path folder, Path file) throws StudyFileException {
    Path real = real(file);
    if (!real.startsWith(folder)) {
      throw new StudyFileException(
          "%s leads to %s; expected a file within %s".formatted(file, real, folder));
    }
    return real;
  }

  private static Optional<String> file(Path folder, String query) {
    Path file = folder.resolve(query);
    try {
      return Files.isRegularFile(file)
          ? Optional.of(Files.readString(within(folder, file)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> resource(String name) {
    return Claim.class.getResource(name) == null
        ? Optional.empty()
        : Optional.of(Resources.text(Claim.class, name));
  }

  private Claim read(String id, Group open) throws StudyFileException {
    Group file = open.asGroup(KEYS);
    return new Claim(
        id,
        file.one("section", TEXT, ""),
        file.list("figures", TEXT, List.of()),
        file.list("studies", TEXT, List.of()),
        TEXT.one(file.required("text", TEXT.sentence())),
        TEXT.one(file.required("threshold", TEXT.sentence())),
        file.one("caution", TEXT, ""),
        test(file));
  }

  private Claim.Test test(Group file) throws StudyFileException {
    List<String> tables = file.list("tables", TABLE, List.of());
    if (file.entries().containsKey("query")) {
      return new QueryJudge(tables, sql(file.required("query", QUERY.sentence())));
    }
    List<Map<String, String>> repetitions = new ArrayList<>();
    Optional<CurveQuery> repeated = each(file, repetitions);
    Map<String, CurveQuery> queries = new LinkedHashMap<>(queries(file, "curves", false));
    queries.putAll(queries(file, "values", true));
    parameters.addAll(queries.keySet());
    return new FormulaJudge(
        tables,
        repetitions,
        repeated,
        queries,
        formula(file, "enough"),
        sentence(file, "missing").orElse(Sentence.parse("no repetition")),
        formula(file, "holds"),
        formula(file, "overall"),
        sentence(file, "numbers"),
        sentence(file, "summary"),
        effects(file));
  }

  /** {@code each: {layers: [1, 3]}}, or {@code each: {query: sets, columns: [set]}}. */
  private Optional<CurveQuery> each(Group file, List<Map<String, String>> repetitions)
      throws StudyFileException {
    YamlNode node = file.entries().get("each");
    if (node == null) {
      repetitions.add(Map.of());
      return Optional.empty();
    }
    if (!(node instanceof Group group)) {
      throw node.place().error(node.came(), "a parameter and its values");
    }
    if (group.entries().containsKey("query")) {
      Group query = group.asGroup(List.of("query", "columns"));
      parameters.addAll(query.list("columns", TABLE));
      return Optional.of(
          new CurveQuery(
              sql(query.required("query", QUERY.sentence())), List.of(), false, Map.of()));
    }
    for (String name : group.entries().keySet()) {
      parameters.add(name);
      group.list(name, TEXT).forEach(value -> repetitions.add(Map.of(name, value)));
    }
    return Optional.empty();
  }

  private Map<String, CurveQuery> queries(Group file, String key, boolean values)
      throws StudyFileException {
    Map<String, CurveQuery> queries = new LinkedHashMap<>();
    YamlNode node = file.entries().get(key);
    if (node == null) {
      return queries;
    }
    if (!(node instanceof Group group)) {
      throw node.place().error(node.came(), "a group of names, each with a query");
    }
    for (Map.Entry<String, YamlNode> entry : group.entries().entrySet()) {
      queries.put(entry.getKey(), query(entry.getValue(), values));
    }
    return queries;
  }

  private CurveQuery query(YamlNode node, boolean value) throws StudyFileException {
    if (!(node instanceof Group group)) {
      throw node.place().error(node.came(), "a group with the key query");
    }
    Map<String, String> with = new LinkedHashMap<>();
    List<String> columns = List.of();
    for (Map.Entry<String, YamlNode> entry : group.entries().entrySet()) {
      if (entry.getKey().equals("column")) {
        columns = group.list("column", TABLE);
      } else if (!entry.getKey().equals("query")) {
        with.put(entry.getKey(), TEXT.one(entry.getValue()));
      }
    }
    return new CurveQuery(sql(group.required("query", QUERY.sentence())), columns, value, with);
  }

  private String sql(YamlNode node) throws StudyFileException {
    String name = QUERY.one(node);
    return files
        .apply(name + ".sql")
        .orElseThrow(
            () ->
                node.place()
                    .error(
                        "\"" + name + "\"", "a file " + name + ".sql in the folder of the claim"));
  }

  /** {@code effects: {rise to the smallest β: rise(test)}}. */
  private Map<String, Formula.Node> effects(Group file) throws StudyFileException {
    Map<String, Formula.Node> effects = new LinkedHashMap<>();
    YamlNode node = file.entries().get("effects");
    if (node == null) {
      return effects;
    }
    if (!(node instanceof Group group)) {
      throw node.place().error(node.came(), "a group of names, each with a formula");
    }
    for (Map.Entry<String, YamlNode> entry : group.entries().entrySet()) {
      effects.put(entry.getKey(), formula(entry.getValue()));
    }
    return effects;
  }

  private Optional<Formula.Node> formula(Group file, String key) throws StudyFileException {
    YamlNode node = file.entries().get(key);
    return node == null ? Optional.empty() : Optional.of(formula(node));
  }

  private Formula.Node formula(YamlNode node) throws StudyFileException {
    try {
      Formula.Parsed parsed = Formula.parse(TEXT.one(node));
      requireKnown(parsed.names());
      return parsed.node();
    } catch (IllegalArgumentException e) {
      throw node.place().problem(String.valueOf(e.getMessage()), "a formula of docs/claims.md");
    }
  }

  private Optional<Sentence> sentence(Group file, String key) throws StudyFileException {
    YamlNode node = file.entries().get(key);
    if (node == null) {
      return Optional.empty();
    }
    try {
      Sentence sentence = Sentence.parse(TEXT.one(node));
      requireKnown(sentence.names());
      return Optional.of(sentence);
    } catch (IllegalArgumentException e) {
      throw node.place().problem(String.valueOf(e.getMessage()), "a sentence of docs/claims.md");
    }
  }

  private void requireKnown(Set<String> names) {
    for (String name : names) {
      if (!parameters.contains(name)) {
        throw new IllegalArgumentException(
            "got name \"%s\", which is none of %s".formatted(name, String.join(", ", parameters)));
      }
    }
  }
}
