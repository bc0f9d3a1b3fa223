package org.ratescope.figure;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The text of a spec, parsed but not yet merged into its base. {@code usermeta.ratescope.base}
 * names the figure whose spec is the base. Objects are merged key by key; other values replace
 * those of the base. {@code usermeta.ratescope.set} then sets values at JSON pointers, which can
 * change an entry of a list. See docs/figures.md.
 *
 * @param place the file, for errors
 * @param root the JSON
 * @param names the names in it, with their lines
 */
record SpecSource(String place, ObjectNode root, SpecNames names) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String BASE = "/usermeta/ratescope/base";
  private static final String SET = "/usermeta/ratescope/set";

  /** Finds the specs of bases. */
  interface Library {
    /**
     * The spec of the figure of that name.
     *
     * @throws FigureException if there is none, with a message to append to "base"
     */
    SpecSource find(String name) throws FigureException;
  }

  static SpecSource parse(String place, String text) throws FigureException {
    try {
      if (!(MAPPER.readTree(text) instanceof ObjectNode root)) {
        throw new FigureException(place + ": expected a Vega-Lite spec, a JSON object");
      }
      SpecNames names = SpecNames.of(place, text);
      if (root.has("data")) {
        throw new FigureException(
            names.place("data", place)
                + ": 'data' is not allowed: the rows of the query are the data");
      }
      return new SpecSource(place, root, names);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new FigureException(
          "%s, line %s: %s".formatted(place, line, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new FigureException("%s: %s".formatted(place, e.getMessage()), e);
    }
  }

  /** The spec, merged into its base and that base's base. */
  Spec resolve(Library library) throws FigureException {
    SpecSource full = over(library, new LinkedHashSet<>());
    return new Spec(place, full.root, full.names);
  }

  private SpecSource over(Library library, Set<String> seen) throws FigureException {
    JsonNode name = root.at(BASE);
    if (name.isMissingNode()) {
      return set(root.deepCopy(), names);
    }
    if (!seen.add(name.asText())) {
      throw new FigureException(
          "%s: base '%s' is its own base"
              .formatted(names.place("base", name.asText(), place), name.asText()));
    }
    SpecSource base = find(library, name.asText()).over(library, seen);
    ObjectNode merged = base.root.deepCopy();
    ObjectNode own = root.deepCopy();
    ((ObjectNode) own.at("/usermeta/ratescope")).remove("base");
    merge(merged, own);
    return set(merged, names.and(base.names));
  }

  private SpecSource find(Library library, String name) throws FigureException {
    try {
      return library.find(name);
    } catch (FigureException e) {
      throw new FigureException(
          "%s: base: %s".formatted(names.place("base", name, place), e.getMessage()), e);
    }
  }

  /**
   * Merges one object into another: objects key by key; other values, including null, replace the
   * old value.
   */
  private static void merge(ObjectNode below, ObjectNode above) {
    for (Map.Entry<String, JsonNode> entry : above.properties()) {
      if (below.get(entry.getKey()) instanceof ObjectNode deeper
          && entry.getValue() instanceof ObjectNode patch) {
        merge(deeper, patch);
      } else {
        below.set(entry.getKey(), entry.getValue());
      }
    }
  }

  /** Puts the values of {@code set} at their pointers, once. */
  private SpecSource set(ObjectNode full, SpecNames all) throws FigureException {
    for (Map.Entry<String, JsonNode> entry : root.at(SET).properties()) {
      put(full, entry.getKey(), entry.getValue());
    }
    if (full.at("/usermeta/ratescope") instanceof ObjectNode ours) {
      ours.remove("set");
    }
    return new SpecSource(place, full, all);
  }

  private void put(ObjectNode full, String pointer, JsonNode value) throws FigureException {
    if (!pointer.startsWith("/")) {
      throw wrong(pointer, "got \"%s\"; expected a JSON pointer, /like/this/0");
    }
    JsonPointer path = JsonPointer.compile(pointer);
    JsonNode parent = full.at(path.head());
    if (parent instanceof ObjectNode object) {
      object.set(path.last().getMatchingProperty(), value);
    } else if (parent instanceof ArrayNode array && path.last().getMatchingProperty().equals("-")) {
      array.add(value);
    } else if (parent instanceof ArrayNode array && array.has(path.last().getMatchingIndex())) {
      array.set(path.last().getMatchingIndex(), value);
    } else {
      throw wrong(pointer, "'%s' is not a place in the spec or its base");
    }
  }

  private FigureException wrong(String pointer, String message) {
    return new FigureException(names.place(pointer, place) + ": " + message.formatted(pointer));
  }
}
