package org.ratescope.claim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query of a claim with parameters, {@code ${layers}}. Its first lines are comments for messages:
 * {@code -- name:} what it gives, {@code -- few:} what is said where it gives too little, {@code --
 * least:} the fewest weights of a curve, 3 without it.
 *
 * @param sql the text
 * @param columns columns of values: none, one, or two for a curve in a plane
 * @param isValue whether the first cell is the result, rather than a curve of weights and values
 * @param parameters values of the parameters, which may name those of a repetition
 */
record CurveQuery(
    String sql, List<String> columns, boolean isValue, Map<String, String> parameters) {
  private static final Pattern PARAMETER = Pattern.compile("\\$\\{(\\w+)}");
  private static final Pattern NAME = Pattern.compile("(?m)^-- name: (.*)$");
  private static final Pattern FEW = Pattern.compile("(?m)^-- few: (.*)$");
  private static final Pattern LEAST = Pattern.compile("(?m)^-- least: (\\d+)$");

  /** A trend needs at least this number of weights. */
  private static final int FEWEST_WEIGHTS = 3;

  CurveQuery {
    columns = List.copyOf(columns);
    parameters = Map.copyOf(parameters);
  }

  /**
   * A query whose parameters have values.
   *
   * @param sql the text
   * @param name what it gives
   * @param few what is said where it gives too little; empty for the usual sentence
   * @param least the fewest weights of a curve
   */
  record Filled(String sql, String name, String few, int least) {}

  /** The query with these parameters besides its own, which may name them. */
  Filled with(Map<String, String> repetition) {
    Map<String, String> values = new HashMap<>(repetition);
    parameters.forEach((key, value) -> values.put(key, filled(value, repetition)));
    String text = filled(sql, values);
    String least = header(LEAST, text);
    return new Filled(
        text,
        header(NAME, text),
        header(FEW, text),
        least.isEmpty() ? FEWEST_WEIGHTS : Integer.parseInt(least));
  }

  private static String header(Pattern header, String text) {
    Matcher matcher = header.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** A text with the values of its parameters; one without a value stays. */
  static String filled(String text, Map<String, String> values) {
    return PARAMETER
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    Objects.requireNonNull(values.getOrDefault(found.group(1), found.group()))));
  }
}
