package org.ratescope.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.NotEnoughRuns;

/**
 * A formula of a claim, such as {@code trend(test) >= 0.9 and low(rise(test)) > 0}: numbers, names,
 * measures of {@link Measures}, {@code + - * /}, comparisons, {@code not}, {@code and}, {@code or}.
 * True is 1, false is 0; {@code and} and {@code or} evaluate from the left and stop when they can.
 */
final class Formula {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:(\\d+(?:\\.\\d+)?)|([A-Za-z_]\\w*)|(<=|>=|==|[-+*/<>(),]))");

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private final Set<String> names = new TreeSet<>();
  private int next;

  /** A part of a formula. */
  interface Node {
    /** The value: a number, a text or a curve. */
    Object value(Repetition repetition) throws NotEnoughRuns, QueryException;

    /** The value of a part that is a number. */
    default double number(Repetition repetition) throws NotEnoughRuns, QueryException {
      return Repetition.number(value(repetition));
    }
  }

  /**
   * A formula that was read.
   *
   * @param node its value
   * @param names the curves, values and parameters that it uses
   */
  record Parsed(Node node, Set<String> names) {}

  private Formula(String text) {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text.strip());
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      tokens.add(matcher.group().strip());
      end = matcher.end();
    }
    if (end != text.strip().length() || tokens.isEmpty()) {
      throw new IllegalArgumentException("formula \"%s\" cannot be read".formatted(text));
    }
  }

  /**
   * Reads a formula.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static Parsed parse(String text) {
    Formula formula = new Formula(text);
    Node node = formula.either();
    if (formula.next < formula.tokens.size()) {
      throw formula.unexpected("an operator");
    }
    return new Parsed(node, formula.names);
  }

  private IllegalArgumentException unexpected(String expected) {
    return new IllegalArgumentException(
        "formula \"%s\": got %s; expected %s"
            .formatted(
                text, next < tokens.size() ? '"' + tokens.get(next) + '"' : "its end", expected));
  }

  private boolean takes(String token) {
    boolean there = next < tokens.size() && tokens.get(next).equals(token);
    next += there ? 1 : 0;
    return there;
  }

  private Node either() {
    Node left = both();
    while (takes("or")) {
      Node a = left;
      Node b = both();
      left = repetition -> truth(a.number(repetition) != 0 || b.number(repetition) != 0);
    }
    return left;
  }

  private Node both() {
    Node left = negation();
    while (takes("and")) {
      Node a = left;
      Node b = negation();
      left = repetition -> truth(a.number(repetition) != 0 && b.number(repetition) != 0);
    }
    return left;
  }

  private Node negation() {
    if (takes("not")) {
      Node inner = negation();
      return repetition -> truth(inner.number(repetition) == 0);
    }
    return comparison();
  }

  private static Double truth(boolean holds) {
    return holds ? 1.0 : 0.0;
  }

  private Node comparison() {
    Node left = sum();
    for (String operator : List.of("<=", ">=", "==", "<", ">")) {
      if (takes(operator)) {
        return applied(
            left,
            sum(),
            switch (operator) {
              case "<=" -> (a, b) -> truth(a <= b);
              case ">=" -> (a, b) -> truth(a >= b);
              case "==" -> (a, b) -> truth(a == b);
              case "<" -> (a, b) -> truth(a < b);
              default -> (a, b) -> truth(a > b);
            });
      }
    }
    return left;
  }

  private static Node applied(Node left, Node right, DoubleBinaryOperator operator) {
    return repetition -> operator.applyAsDouble(left.number(repetition), right.number(repetition));
  }

  private Node sum() {
    Node left = product();
    while (true) {
      if (takes("+")) {
        left = applied(left, product(), (a, b) -> a + b);
      } else if (takes("-")) {
        left = applied(left, product(), (a, b) -> a - b);
      } else {
        return left;
      }
    }
  }

  private Node product() {
    Node left = factor();
    while (true) {
      if (takes("*")) {
        left = applied(left, factor(), (a, b) -> a * b);
      } else if (takes("/")) {
        left = applied(left, factor(), (a, b) -> a / b);
      } else {
        return left;
      }
    }
  }

  private Node factor() {
    if (takes("-")) {
      Node inner = factor();
      return repetition -> -inner.number(repetition);
    }
    if (takes("(")) {
      Node inner = either();
      require(")");
      return inner;
    }
    if (next == tokens.size() || !tokens.get(next).matches("\\w.*")) {
      throw unexpected("a number, a name or a measure");
    }
    String token = tokens.get(next++);
    if (Character.isDigit(token.charAt(0))) {
      double number = Double.parseDouble(token);
      return repetition -> number;
    }
    if (takes("(")) {
      return Measures.measure(token, arguments());
    }
    names.add(token);
    return repetition -> repetition.value(token);
  }

  private List<Node> arguments() {
    List<Node> arguments = new ArrayList<>();
    if (!takes(")")) {
      do {
        arguments.add(either());
      } while (takes(","));
      require(")");
    }
    return arguments;
  }

  private void require(String token) {
    if (!takes(token)) {
      throw unexpected('"' + token + '"');
    }
  }
}
