package org.ratescope.claim;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ratescope.sql.DisplayNames;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.Effect;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.PlaneCurve;
import org.ratescope.statistic.Series;

/** The names of a formula with their values, in one repetition of a claim; each is read once. */
final class Repetition {
  private final Evidence evidence;
  private final Map<String, String> parameters;
  private final Map<String, CurveQuery> queries;
  private final List<Repetition> all;
  private final Map<String, Object> known = new HashMap<>();

  /**
   * The names of one repetition.
   *
   * @param all all repetitions, of which this is one
   */
  Repetition(
      Evidence evidence,
      Map<String, String> parameters,
      Map<String, CurveQuery> queries,
      List<Repetition> all) {
    this.evidence = evidence;
    this.parameters = parameters;
    this.queries = queries;
    this.all = all;
  }

  List<Repetition> repetitions() {
    return all;
  }

  /** A parameter, the result of a query, or a curve. */
  Object value(String name) throws NotEnoughRuns, QueryException {
    String parameter = parameters.get(name);
    if (parameter != null) {
      return parameter;
    }
    Object value = known.get(name);
    if (value == null) {
      CurveQuery query = queries.get(name);
      if (query == null) {
        throw new IllegalArgumentException("unknown name " + name);
      }
      value = read(query);
      known.put(name, value);
    }
    return value;
  }

  private Object read(CurveQuery query) throws NotEnoughRuns, QueryException {
    List<String> columns = query.columns();
    return switch (columns.size()) {
      case 0 -> query.isValue() ? evidence.value(query.with(parameters)) : series(query, "");
      case 1 -> series(query, columns.getFirst());
      default -> PlaneCurve.of(series(query, columns.get(0)), series(query, columns.get(1)));
    };
  }

  private Series series(CurveQuery query, String column) throws NotEnoughRuns, QueryException {
    Map<String, String> with = new HashMap<>(parameters);
    with.put("column", column);
    return evidence.series(query.with(with));
  }

  /** A value as a number: a text of digits counts as one. */
  static double number(Object value) {
    try {
      return switch (value) {
        case Number number -> number.doubleValue();
        case Effect effect -> effect.value();
        default -> Double.parseDouble(value.toString());
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("got %s; expected a number".formatted(value), e);
    }
  }

  /** A value in a format of Java; an effect with its bounds, {@code 1.20 (0.90 to 1.50)}. */
  static String text(Object value, String format) {
    return value instanceof Effect effect
        ? String.format(
            Locale.ROOT,
            "%1$s (%1$s to %1$s)".replace("%1$s", format),
            effect.value(),
            effect.low(),
            effect.high())
        : String.format(Locale.ROOT, format, number(value));
  }

  /** A value as people read it. */
  static String text(Object value) {
    return value instanceof Number || value instanceof Effect
        ? DisplayNames.number(number(value))
        : value.toString();
  }
}
