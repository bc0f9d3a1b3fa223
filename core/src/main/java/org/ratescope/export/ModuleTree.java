package org.ratescope.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The submodules of a PyTorch module by their dotted names, as Python that makes them and refers to
 * them. A module whose parts are numbered from 0 is a {@code ModuleList}, another one a {@code
 * ModuleDict}.
 */
final class ModuleTree {
  private static final String INDENT = "    ";

  private final Map<String, ModuleTree> parts = new LinkedHashMap<>();
  private @Nullable String made;

  /**
   * Adds a layer: {@code encoder.0} and the Python expression that makes it.
   *
   * @throws IllegalArgumentException if one of two layers would be inside the other
   */
  void add(String name, String expression) {
    ModuleTree at = this;
    for (String part : name.split("\\.", -1)) {
      at = at.parts.computeIfAbsent(part, p -> new ModuleTree());
      if (at.made != null) {
        throw nested(name);
      }
    }
    if (!at.parts.isEmpty()) {
      throw nested(name);
    }
    at.made = expression;
  }

  private static IllegalArgumentException nested(String name) {
    return new IllegalArgumentException(
        "layer %s is inside another layer; expected separate names".formatted(name));
  }

  /** The Python expression that refers to a layer, {@code self.encoder[0]}. */
  String reference(String name) {
    String[] names = name.split("\\.", -1);
    StringBuilder text = new StringBuilder("self.").append(names[0]);
    ModuleTree at = part(names[0]);
    for (int i = 1; i < names.length; i++) {
      text.append(at.isList() ? "[" + names[i] + "]" : "[\"" + names[i] + "\"]");
      at = at.part(names[i]);
    }
    return text.toString();
  }

  private ModuleTree part(String name) {
    ModuleTree part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException("no module " + name);
    }
    return part;
  }

  private boolean isList() {
    return List.copyOf(parts.keySet())
        .equals(IntStream.range(0, parts.size()).mapToObj(Integer::toString).toList());
  }

  /** The statements that make all of them, at an indentation of that many levels. */
  String statements(int level) {
    List<String> lines = new ArrayList<>();
    parts.forEach(
        (name, part) ->
            lines.add(INDENT.repeat(level) + "self." + name + " = " + part.expression(level)));
    return String.join("\n", lines);
  }

  private String expression(int level) {
    if (made != null) {
      return made;
    }
    StringBuilder text = new StringBuilder(isList() ? "nn.ModuleList([\n" : "nn.ModuleDict({\n");
    parts.forEach(
        (name, part) ->
            text.append(INDENT.repeat(level + 1))
                .append(isList() ? "" : '"' + name + "\": ")
                .append(part.expression(level + 1))
                .append(",\n"));
    return text.append(INDENT.repeat(level)).append(isList() ? "])" : "})").toString();
  }
}
