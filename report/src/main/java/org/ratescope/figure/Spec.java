package org.ratescope.figure;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonNode.OverwriteMode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ratescope.io.Resources;
import org.ratescope.sql.QueryResult;

/** A Vega-Lite spec without its data, and the locations of its parts. */
final class Spec {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern PATH = Pattern.compile("[.\\[].*");

  private final String place;
  private final ObjectNode root;
  private final SpecNames names;

  Spec(String place, ObjectNode root, SpecNames names) {
    this.place = place;
    this.root = root;
    this.names = names;
  }

  /** A spec without a base. */
  static Spec parse(String place, String text) throws FigureException {
    SpecSource source = SpecSource.parse(place, text);
    return new Spec(place, source.root(), source.names());
  }

  /**
   * Checks that the spec draws only the rows of the query, and that every field is a column of the
   * query or the result of a transform.
   */
  void check(List<String> columns) throws FigureException {
    ClosedSpec.check(root, place, names);
    for (String field : fields(root)) {
      String name = PATH.matcher(field).replaceFirst("");
      if (!columns.contains(name) && !names.derived().contains(name)) {
        throw new FigureException(
            "%s: field '%s' is not a column of query.sql, which has %s"
                .formatted(names.place("field", field, place), field, String.join(", ", columns)));
      }
    }
  }

  /** The names that encodings read, anywhere in a spec. */
  private static List<String> fields(JsonNode node) {
    List<String> fields = new ArrayList<>();
    node.properties()
        .forEach(
            entry -> {
              if (entry.getKey().equals("field") && entry.getValue().isTextual()) {
                fields.add(entry.getValue().asText());
              } else if (!entry.getKey().equals("usermeta")) {
                fields.addAll(fields(entry.getValue()));
              }
            });
    if (node.isArray()) {
      node.forEach(entry -> fields.addAll(fields(entry)));
    }
    return fields;
  }

  /** The figure's heading, from {@code usermeta.ratescope.title}. */
  String title(String otherwise) {
    return root.at("/usermeta/ratescope/title").asText(otherwise);
  }

  /**
   * Whether it is about data sets only, without a model: {@code usermeta.ratescope.draws} is {@code
   * data}.
   */
  boolean isOfData() {
    return root.at("/usermeta/ratescope/draws").asText().equals("data");
  }

  /** The figure's number in the paper, from {@code usermeta.ratescope.number}; empty for none. */
  String number() {
    return root.at("/usermeta/ratescope/number").asText("");
  }

  /**
   * Names of the studies of a suite that the figure needs, from {@code usermeta.ratescope.studies};
   * empty for all.
   */
  List<String> studies() {
    List<String> names = new ArrayList<>();
    root.at("/usermeta/ratescope/studies").forEach(name -> names.add(name.asText()));
    return names;
  }

  /** The description of the figure. */
  String description() {
    return root.path("description").asText("");
  }

  /** The spec as JSON, merged into its base. */
  String text() {
    return root.toString();
  }

  /** The spec with the rows of a query as its data. */
  ObjectNode with(QueryResult table) {
    ObjectNode full = ClosedSpec.drawn(root);
    ObjectNode data = full.putObject("data");
    data.put("name", "rows");
    data.set("values", table.json());
    linearise(full, table);
    return full;
  }

  /** Densities make distortions negative: a logarithmic y axis of such values becomes linear. */
  private static void linearise(JsonNode node, QueryResult table) {
    if (node.path("y") instanceof ObjectNode y
        && y.at("/scale/type").asText().equals("log")
        && !isPositive(table, y.path("field").asText())) {
      y.withObject("/scale").put("type", "linear");
    }
    node.forEachEntry(
        (key, part) -> {
          if (!key.equals("data")) {
            linearise(part, table);
          }
        });
    if (node.isArray()) {
      node.forEach(part -> linearise(part, table));
    }
  }

  private static boolean isPositive(QueryResult table, String column) {
    return !table.columns().contains(column)
        || IntStream.range(0, table.rows().size())
            .mapToObj(row -> table.value(row, column))
            .allMatch(value -> !(value instanceof Number number) || number.doubleValue() > 0);
  }

  /**
   * The spec with the rows of a query, and with the values of {@code usermeta.ratescope.narrow} at
   * their JSON pointers; empty if it has none.
   */
  ObjectNode narrow(QueryResult table) {
    JsonNode changes = root.at("/usermeta/ratescope/narrow");
    if (changes.isEmpty()) {
      return MAPPER.createObjectNode();
    }
    ObjectNode full = with(table);
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      JsonPointer path = JsonPointer.compile(change.getKey());
      JsonNode parent = full.at(path.head());
      if (parent instanceof ArrayNode array) {
        array.set(path.last().getMatchingIndex(), change.getValue());
      } else {
        full.withObject(path.head().toString(), OverwriteMode.ALL, true)
            .set(path.last().getMatchingProperty(), change.getValue());
      }
    }
    return full;
  }

  /**
   * The drawing for a query without rows. It names the estimates of {@code
   * usermeta.ratescope.needs}, the details of {@code usermeta.ratescope.details}, or the line of a
   * study file in {@code usermeta.ratescope.study}.
   */
  ObjectNode nothing() throws FigureException {
    ObjectNode full =
        parse("nothing.vl.json", Resources.text(Spec.class, "nothing.vl.json")).root.deepCopy();
    ArrayNode text = full.putObject("data").putArray("values").addObject().putArray("text");
    text.add("Nothing to draw yet: no finished run has these numbers.");
    String run = "then 'ratescope run STUDY' ";
    String runOrEvaluate = run + "or 'ratescope evaluate STUDY' computes them.";
    for (Need need :
        List.of(
            new Need("needs", "%s to the 'estimators' of the study's 'evaluation'", runOrEvaluate),
            new Need("details", "%s to the 'details' of the study's 'evaluation'", runOrEvaluate),
            new Need("study", "'%s' to the study", run + "trains the additional runs."))) {
      String wanted = root.at("/usermeta/ratescope/" + need.key).asText("");
      if (!wanted.isEmpty()) {
        text.add("Add " + need.addition.formatted(wanted) + ",").add(need.command);
      }
    }
    String hint = root.at("/usermeta/ratescope/hint").asText("");
    if (!hint.isEmpty()) {
      text.add(hint);
    }
    return full;
  }

  /** What a user adds to a study for a figure, and the command that then computes it. */
  private record Need(String key, String addition, String command) {}

  /**
   * The rows of a query for a CSV file: with {@code usermeta.ratescope.csv}, an object of columns
   * and their names in the file, the rows of the kind {@code point} (all, if no column is called
   * kind) and those of these columns that have values; else the rows as they are.
   */
  QueryResult csv(QueryResult table) {
    List<String> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<List<@Nullable Object>> points = new ArrayList<>();
    for (List<@Nullable Object> row : table.rows()) {
      if (isPoint(table, row)) {
        points.add(row);
      }
    }
    root.at("/usermeta/ratescope/csv")
        .properties()
        .forEach(
            entry -> {
              int column = table.column(entry.getKey());
              if (column >= 0 && points.stream().anyMatch(row -> isValue(row.get(column)))) {
                columns.add(entry.getKey());
                names.add(entry.getValue().asText());
              }
            });
    if (columns.isEmpty()) {
      return table;
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> point : points) {
      List<@Nullable Object> row = new ArrayList<>();
      columns.forEach(column -> row.add(point.get(table.column(column))));
      rows.add(row);
    }
    return new QueryResult(names, rows);
  }

  private static boolean isPoint(QueryResult table, List<@Nullable Object> row) {
    return table.column("kind") < 0 || "point".equals(row.get(table.column("kind")));
  }

  private static boolean isValue(@Nullable Object value) {
    return value != null && !value.toString().isBlank();
  }

  Vega.Drawing draw(ObjectNode full) throws FigureException {
    try {
      return Vega.instance().svg(full.toString(), theme("light").toString());
    } catch (VegaException e) {
      throw new FigureException("%s: %s".formatted(place, e.getMessage()), e);
    }
  }

  /** The configuration for one of the themes {@code light} and {@code dark}. */
  static JsonNode theme(String name) {
    try {
      JsonNode themes = MAPPER.readTree(Resources.text(Spec.class, "themes.json"));
      ObjectNode both = themes.required("both").deepCopy();
      return MAPPER.readerForUpdating(both).readTree(themes.required(name).toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("themes.json is part of the jar", e);
    }
  }
}
