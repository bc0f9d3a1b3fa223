package org.ratescope.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.NotEnoughRuns;

/**
 * A sentence with formulas, {@code rank correlation {trend(test)|%.2f}}; after the bar stands a
 * format of Java. {@code {if formula}…{else}…{end}} chooses between two texts.
 */
final class Sentence {
  private static final Pattern CHOICE =
      Pattern.compile("\\{if ([^}]*)}(.*?)(?:\\{else}(.*?))?\\{end}", Pattern.DOTALL);
  private static final Pattern FORMULA = Pattern.compile("\\{([^}|]*)(?:\\|(%[-+.0-9]*[def]))?}");

  private final List<Part> parts = new ArrayList<>();
  private final Set<String> names = new TreeSet<>();

  private interface Part {
    String text(Repetition repetition) throws NotEnoughRuns, QueryException;
  }

  private Sentence() {}

  /**
   * Reads a sentence.
   *
   * @throws IllegalArgumentException if a formula in it is wrong
   */
  static Sentence parse(String text) {
    Sentence sentence = new Sentence();
    Matcher matcher = CHOICE.matcher(text);
    int end = 0;
    while (matcher.find()) {
      sentence.plain(text.substring(end, matcher.start()));
      Formula.Parsed condition = sentence.formula(matcher.group(1));
      Sentence then = parse(matcher.group(2));
      Sentence otherwise = parse(matcher.group(3) == null ? "" : matcher.group(3));
      sentence.names.addAll(then.names);
      sentence.names.addAll(otherwise.names);
      sentence.parts.add(
          repetition ->
              (condition.node().number(repetition) == 0 ? otherwise : then).text(repetition));
      end = matcher.end();
    }
    sentence.plain(text.substring(end));
    return sentence;
  }

  private void plain(String text) {
    Matcher matcher = FORMULA.matcher(text);
    int end = 0;
    while (matcher.find()) {
      String before = text.substring(end, matcher.start());
      parts.add(repetition -> before);
      Formula.Node node = formula(matcher.group(1)).node();
      String format = matcher.group(2);
      parts.add(
          format == null
              ? repetition -> Repetition.text(node.value(repetition))
              : repetition -> Repetition.text(node.value(repetition), format));
      end = matcher.end();
    }
    String rest = text.substring(end);
    parts.add(repetition -> rest);
  }

  private Formula.Parsed formula(String text) {
    Formula.Parsed parsed = Formula.parse(text);
    names.addAll(parsed.names());
    return parsed;
  }

  /** The curves, values and parameters that it uses. */
  Set<String> names() {
    return names;
  }

  /** The sentence with the values of a repetition. */
  String text(Repetition repetition) throws NotEnoughRuns, QueryException {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(part.text(repetition));
    }
    return text.toString();
  }
}
