package org.ratescope.cli.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names and shapes of the tensors that an exported {@code model.py} declares, read off its text
 * without Python.
 */
final class DeclaredTensors {
  private static final Pattern LAYER =
      Pattern.compile("nn\\.(Linear|Conv2d|ConvTranspose2d)\\(([^,]+), ([^,)]+)");
  private static final Pattern PARAMETER =
      Pattern.compile("self\\.(\\w+) = nn\\.Parameter\\(torch\\.zeros\\(([^)]*)\\)");
  private static final Pattern PRIOR = Pattern.compile("self\\.prior = (\\w+)\\((.*)\\)");

  private final Map<String, List<Long>> shapes = new TreeMap<>();

  static Map<String, List<Long>> of(String module) {
    DeclaredTensors declared = new DeclaredTensors();
    declared.layers(module.substring(module.indexOf("class Vae")));
    Matcher prior = PRIOR.matcher(module);
    if (!prior.find()) {
      throw new AssertionError("no prior");
    }
    Map<String, Long> arguments = new TreeMap<>();
    Pattern.compile("(\\w+)=(\\d+)")
        .matcher(prior.group(2))
        .results()
        .forEach(m -> arguments.put(m.group(1), Long.parseLong(m.group(2))));
    if (prior.group(1).equals("Flow")) {
      String coupling =
          module.substring(module.indexOf("class Coupling"), module.indexOf("class Flow"));
      for (long i = 0; i < Objects.requireNonNull(arguments.get("couplings")); i++) {
        String prefix = "prior." + i + ".";
        Pattern.compile("self\\.(\\w+) = (nn\\.Linear.*)")
            .matcher(coupling)
            .results()
            .forEach(m -> declared.layer(prefix + m.group(1), m.group(2), arguments));
      }
    } else {
      String body = module.substring(module.indexOf("class " + prior.group(1) + "(Prior)"));
      body = body.substring(0, body.indexOf("class Vae"));
      PARAMETER.matcher(body).results().forEach(m -> declared.parameter(m, arguments));
    }
    return declared.shapes;
  }

  private void parameter(MatchResult match, Map<String, Long> arguments) {
    List<Long> shape = new ArrayList<>();
    for (String size : match.group(2).split(", ", -1)) {
      shape.add(number(size, arguments));
    }
    shapes.put("prior." + match.group(1), shape);
  }

  private static long number(String text, Map<String, Long> arguments) {
    long product = 1;
    for (String factor : text.split(" \\* ", -1)) {
      product *=
          factor.matches("\\d+")
              ? Long.parseLong(factor)
              : Objects.requireNonNull(arguments.get(factor));
    }
    return product;
  }

  /** Walks through the nested lists and dictionaries. */
  private void layers(String text) {
    Deque<String> names = new ArrayDeque<>();
    Deque<Integer> numbers = new ArrayDeque<>();
    for (String line : text.lines().toList()) {
      Matcher named =
          Pattern.compile("^\\s*(?:self\\.(\\w+) = |\"(\\w+)\": )?(nn\\..*)").matcher(line);
      if (line.strip().matches("[\\])}]+,?") && !names.isEmpty()) {
        names.removeLast();
        numbers.removeLast();
      } else if (named.matches()) {
        String name =
            named.group(1) != null
                ? named.group(1)
                : named.group(2) != null ? named.group(2) : "" + numbers.peekLast();
        if (named.group(1) == null) {
          numbers.addLast(numbers.removeLast() + 1);
        }
        String full = names.isEmpty() ? name : String.join(".", names) + "." + name;
        if (named.group(3).startsWith("nn.Module")) {
          names.addLast(name);
          numbers.addLast(0);
        } else {
          layer(full, named.group(3), Map.of());
        }
      }
    }
  }

  private void layer(String name, String expression, Map<String, Long> arguments) {
    Matcher layer = LAYER.matcher(expression);
    if (!layer.find()) {
      throw new AssertionError(expression);
    }
    long in = number(layer.group(2), arguments);
    long out = number(layer.group(3), arguments);
    shapes.put(name + ".bias", List.of(out));
    shapes.put(
        name + ".weight",
        switch (layer.group(1)) {
          case "Linear" -> List.of(out, in);
          case "Conv2d" -> List.of(out, in, 4L, 4L);
          default -> List.of(in, out, 4L, 4L);
        });
  }
}
