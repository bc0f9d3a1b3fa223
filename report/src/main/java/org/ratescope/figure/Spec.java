package org.ratescope.figure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A Vega-Lite spec without its data, and the place it was read from. */
final class Spec {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern PATH = Pattern.compile("[.\\[].*");
  private static final Set<String> DERIVED = Set.of("key", "value", "density", "prob");

  private final String place;
  private final ObjectNode root;
  private final List<Field> fields;
  private final Set<String> derived;

  private record Field(String name, int line) {}

  private Spec(String place, ObjectNode root, List<Field> fields, Set<String> derived) {
    this.place = place;
    this.root = root;
    this.fields = fields;
    this.derived = derived;
  }

  static Spec parse(String place, String text) throws FigureException {
    try {
      if (!(MAPPER.readTree(text) instanceof ObjectNode root)) {
        throw new FigureException(place + ": a Vega-Lite spec is a JSON object");
      }
      if (root.has("data")) {
        throw new FigureException(place + ": 'data' must be left out, the query's rows go there");
      }
      List<Field> fields = new ArrayList<>();
      Set<String> derived = new HashSet<>(DERIVED);
      collect(text, fields, derived);
      return new Spec(place, root, fields, derived);
    } catch (JsonProcessingException e) {
      throw new FigureException(
          "%s, line %d: %s".formatted(place, line(e), e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new FigureException("%s: %s".formatted(place, e.getMessage()), e);
    }
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
  }

  /** Notes the names that encodings read ("field") and that transforms make ("as"). */
  private static void collect(String text, List<Field> fields, Set<String> derived)
      throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      boolean inAs = false;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          inAs = parser.currentName().equals("as");
        } else if (token == JsonToken.VALUE_STRING && inAs) {
          derived.add(parser.getText());
        } else if (token == JsonToken.VALUE_STRING && "field".equals(parser.currentName())) {
          fields.add(new Field(parser.getText(), parser.currentTokenLocation().getLineNr()));
        }
      }
    }
  }

  /** Requires that every field is a column of the query or made by a transform. */
  void check(List<String> columns) throws FigureException {
    if (root.has("datasets")) {
      return;
    }
    for (Field field : fields) {
      String name = PATH.matcher(field.name).replaceFirst("");
      if (!columns.contains(name) && !derived.contains(name)) {
        throw new FigureException(
            "%s, line %d: field '%s' is no column of query.sql, which has %s"
                .formatted(place, field.line, field.name, String.join(", ", columns)));
      }
    }
  }

  /** The figure's heading, from {@code usermeta.ratescope.title}. */
  String title(String otherwise) {
    return root.at("/usermeta/ratescope/title").asText(otherwise);
  }

  /** The figure's number in the paper, from {@code usermeta.ratescope.number}; empty for none. */
  String number() {
    return root.at("/usermeta/ratescope/number").asText("");
  }

  /**
   * Names of the studies of a suite that the figure rests on, from {@code
   * usermeta.ratescope.studies}; empty for all.
   */
  List<String> studies() {
    List<String> names = new ArrayList<>();
    root.at("/usermeta/ratescope/studies").forEach(name -> names.add(name.asText()));
    return names;
  }

  /** What the figure shows, in words. */
  String description() {
    return root.path("description").asText("");
  }

  /** The spec with the rows of a query as its data. */
  ObjectNode with(Table table) {
    ObjectNode full = root.deepCopy();
    ObjectNode data = full.putObject("data");
    data.put("name", "rows");
    data.set("values", table.json());
    return full;
  }

  /** What is drawn when a query has no rows. */
  static ObjectNode nothing() throws FigureException {
    ObjectNode full = parse("nothing.vl.json", Resources.text("nothing.vl.json")).root.deepCopy();
    full.putObject("data").putArray("values").addObject();
    return full;
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
      JsonNode themes = MAPPER.readTree(Resources.text("themes.json"));
      ObjectNode both = themes.required("both").deepCopy();
      return MAPPER.readerForUpdating(both).readTree(themes.required(name).toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("themes.json is part of the jar", e);
    }
  }
}
