package org.ratescope.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The parts that a spec must not contain, since a figure draws only the rows of its query: its own
 * data, links, and external pictures. draw.js and page.js refuse addresses that a spec computes
 * when it is drawn.
 */
final class ClosedSpec {
  private static final String PICTURE = "data:image/";
  private static final String DATA = "is not allowed: the rows of the query are the data";
  private static final Map<String, String> REFUSED =
      Map.of(
          "data", DATA,
          "datasets", DATA,
          "href", "is not allowed: a figure has no links");

  private ClosedSpec() {}

  /** Checks that no part of a spec, at any depth, accesses anything but the rows. */
  static void check(JsonNode node, String place, SpecNames names) throws FigureException {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      if (key.equals("usermeta")) {
        continue; // is not drawn
      }
      String refusal = REFUSED.get(key);
      if (refusal != null) {
        throw new FigureException("%s: '%s' %s".formatted(names.place(key, place), key, refusal));
      }
      if (key.equals("url")) {
        checkPicture(entry.getValue(), place, names);
      }
      check(entry.getValue(), place, names);
    }
    if (node.isArray()) {
      for (JsonNode entry : node) {
        check(entry, place, names);
      }
    }
  }

  private static void checkPicture(JsonNode url, String place, SpecNames names)
      throws FigureException {
    String address = url.isTextual() ? url.asText() : url.path("value").asText(PICTURE);
    if (!address.startsWith(PICTURE)) {
      throw new FigureException(
          "%s: 'url': got \"%s\"; expected a picture in the spec or in a row, %s…"
              .formatted(names.place("url", place), address, PICTURE));
    }
  }

  /**
   * The spec for drawing: {@code usermeta} contains only the part that Ratescope reads, and nothing
   * for a viewer.
   */
  static ObjectNode drawn(ObjectNode root) {
    ObjectNode full = root.deepCopy();
    full.remove("$schema");
    JsonNode ours = full.at("/usermeta/ratescope");
    full.remove("usermeta");
    if (!ours.isMissingNode()) {
      full.putObject("usermeta").set("ratescope", ours);
    }
    return full;
  }
}
