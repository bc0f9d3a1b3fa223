package org.ratescope.figure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names in the text of a spec, with their lines.
 *
 * @param derived names that transforms create ({@code as}), and those that Vega-Lite creates itself
 * @param texts keys, and texts with their key
 */
record SpecNames(Set<String> derived, List<Name> texts) {
  private static final Set<String> MADE = Set.of("key", "value", "density", "prob");

  /** A text of a spec and its location: a key if {@code key} is empty, else its value. */
  record Name(String key, String text, String place, int line) {}

  SpecNames {
    derived = Set.copyOf(derived);
    texts = List.copyOf(texts);
  }

  /**
   * Reads the names of a spec.
   *
   * @throws IOException if the text is not JSON
   */
  static SpecNames of(String place, String text) throws IOException {
    List<Name> texts = new ArrayList<>();
    Set<String> derived = new HashSet<>(MADE);
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      boolean inAs = false;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        int line = parser.currentTokenLocation().getLineNr();
        if (token == JsonToken.FIELD_NAME) {
          inAs = parser.currentName().equals("as");
          texts.add(new Name("", parser.currentName(), place, line));
        } else if (token == JsonToken.VALUE_STRING && inAs) {
          derived.add(parser.getText());
        } else if (token == JsonToken.VALUE_STRING && parser.currentName() != null) {
          texts.add(new Name(parser.currentName(), parser.getText(), place, line));
        }
      }
    }
    return new SpecNames(derived, texts);
  }

  /** These names, then those of a base. */
  SpecNames and(SpecNames base) {
    Set<String> all = new HashSet<>(derived);
    all.addAll(base.derived);
    List<Name> both = new ArrayList<>(texts);
    both.addAll(base.texts);
    return new SpecNames(all, both);
  }

  /** File and line of a key, for an error. */
  String place(String key, String otherwise) {
    return place("", key, otherwise);
  }

  /** File and line of a text that is the value of such a key, for an error. */
  String place(String key, String text, String otherwise) {
    return texts.stream()
        .filter(name -> name.key.equals(key) && name.text.equals(text))
        .findFirst()
        .map(name -> "%s, line %s".formatted(name.place, name.line))
        .orElse(otherwise);
  }
}
