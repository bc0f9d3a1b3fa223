package org.ratescope.claim;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.ratescope.claim.Formula.Node;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.Effect;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.PlaneCurve;
import org.ratescope.statistic.Restarts;
import org.ratescope.statistic.Series;

/** The measures of curves that formulas can use; docs/claims.md lists them. */
final class Measures {
  private static final Map<String, Measure> MEASURES = new TreeMap<>();

  private Measures() {}

  /** Computes a value from the arguments of one measure. */
  private interface Computation {
    Object of(Object[] arguments) throws NotEnoughRuns;
  }

  /** The same for a value with bounds, which the repetitions of a claim share the error of. */
  private interface EffectComputation {
    Effect of(int repetitions, Object[] arguments) throws NotEnoughRuns;
  }

  /** Computes a value from arguments in a repetition of a claim, or in all of its repetitions. */
  private interface Aggregation {
    Object of(Repetition repetition, List<Node> arguments) throws NotEnoughRuns, QueryException;
  }

  private record Measure(int arguments, Aggregation aggregation) {}

  private static void put(String name, int arguments, Computation computation) {
    MEASURES.put(
        name,
        new Measure(arguments, (repetition, nodes) -> computation.of(values(repetition, nodes))));
  }

  private static void effect(String name, int arguments, EffectComputation computation) {
    MEASURES.put(
        name,
        new Measure(
            arguments,
            (repetition, nodes) ->
                computation.of(
                    Math.max(1, repetition.repetitions().size()), values(repetition, nodes))));
  }

  private static Object[] values(Repetition repetition, List<Node> nodes)
      throws NotEnoughRuns, QueryException {
    Object[] values = new Object[nodes.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = nodes.get(i).value(repetition);
    }
    return values;
  }

  static {
    put("trend", 1, a -> series(a[0]).trend());
    put("count", 1, a -> (double) series(a[0]).samples().size());
    put("interior", 1, a -> interior(series(a[0])) ? 1.0 : 0.0);
    put("minimum", 1, a -> minimum(series(a[0])));
    put("first", 1, a -> series(a[0]).samples().getFirst().mean());
    put("last", 1, a -> series(a[0]).samples().getLast().mean());
    put("first_beta", 1, a -> series(a[0]).samples().getFirst().beta());
    put("last_beta", 1, a -> series(a[0]).samples().getLast().beta());
    put("lowest", 1, a -> series(a[0]).lowest().mean());
    put("average", 1, a -> Arrays.stream(series(a[0]).means()).average().orElseThrow());
    put("highest", 1, a -> series(a[0]).highest().mean());
    put("highest_beta", 1, a -> series(a[0]).highest().beta());
    put("least_below", 2, a -> leastBelow(series(a[0]), Repetition.number(a[1])));
    put("excess", 2, a -> excess(series(a[0]), series(a[1])));
    put("distance", 2, a -> plane(a[0]).mean().distanceTo(plane(a[1]).mean()));
    put("extent", 1, a -> plane(a[0]).mean().extent());
    put("height", 1, a -> plane(a[0]).mean().height());
    put("spread", 1, a -> plane(a[0]).spread());
    put("low", 1, a -> bounds(a[0]).low());
    put("high", 1, a -> bounds(a[0]).high());
    put("log", 1, a -> Math.log(Repetition.number(a[0])));
    effect("slope", 1, (m, a) -> series(a[0]).slope(m));
    effect("rise", 1, (m, a) -> series(a[0]).rise(m));
    effect("growth", 1, (m, a) -> series(a[0]).growth(m));
    effect("reversal", 1, (m, a) -> series(a[0]).reversal(m));
    effect("ascent", 1, (m, a) -> series(a[0]).ascent(m));
    effect("deficit", 2, (m, a) -> series(a[0]).deficit(near(a[0], a[1]), m));
    effect("lead", 2, (m, a) -> series(a[0]).lead(near(a[0], a[1]), m));
    effect(
        "difference", 3, (m, a) -> series(a[0]).difference(near(a[0], a[1]), near(a[0], a[2]), m));
    effect("advantage", 2, (m, a) -> plane(a[0]).advantageOver(plane(a[1]), m));
    effect("nearer", 3, (m, a) -> plane(a[0]).nearer(plane(a[1]), plane(a[2]), m));
    MEASURES.put("sum", new Measure(1, Measures::sum));
    MEASURES.put("least", new Measure(1, (repetition, nodes) -> least(repetition, nodes).value()));
    MEASURES.put(
        "where_least",
        new Measure(
            2, (repetition, nodes) -> nodes.get(1).value(least(repetition, nodes).repetition())));
  }

  /**
   * A measure of arguments.
   *
   * @throws IllegalArgumentException if there is none of that name with so many arguments
   */
  static Node measure(String name, List<Node> arguments) {
    Measure measure = MEASURES.get(name);
    if (measure == null) {
      throw new IllegalArgumentException(
          "got measure \"%s\"; expected %s".formatted(name, String.join(", ", MEASURES.keySet())));
    }
    if (measure.arguments != arguments.size()) {
      throw new IllegalArgumentException(
          "measure \"%s\": got %s arguments; expected %s"
              .formatted(name, arguments.size(), measure.arguments));
    }
    return repetition -> measure.aggregation.of(repetition, arguments);
  }

  private static Series series(Object value) {
    if (value instanceof Series series) {
      return series;
    }
    throw new IllegalArgumentException("got %s; expected a curve".formatted(value));
  }

  private static PlaneCurve plane(Object value) {
    if (value instanceof PlaneCurve curve) {
      return curve;
    }
    throw new IllegalArgumentException(
        "got %s; expected a curve with two columns".formatted(value));
  }

  private static Effect bounds(Object value) {
    if (value instanceof Effect effect) {
      return effect;
    }
    throw new IllegalArgumentException("got %s; expected a value with bounds".formatted(value));
  }

  private static Restarts near(Object curve, Object weight) throws NotEnoughRuns {
    return series(curve).near(Repetition.number(weight));
  }

  private static boolean interior(Series series) {
    double lowest = series.lowest().beta();
    return lowest != series.samples().getFirst().beta()
        && lowest != series.samples().getLast().beta();
  }

  private static String minimum(Series series) {
    return String.format(
        Locale.ROOT,
        "lowest at β = %s (%.2f nats)",
        Repetition.text(series.lowest().beta()),
        series.lowest().mean());
  }

  private static double leastBelow(Series series, double weight) throws NotEnoughRuns {
    return series.samples().stream()
        .filter(sample -> sample.beta() < weight)
        .mapToDouble(Restarts::mean)
        .min()
        .orElseThrow(
            () ->
                new NotEnoughRuns(
                    "%s: no β below %s".formatted(series.name(), Repetition.text(weight))));
  }

  /** The mean over shared weights of the relative difference. */
  private static double excess(Series a, Series b) throws NotEnoughRuns {
    List<Double> weights = a.shared(b);
    if (weights.isEmpty()) {
      throw new NotEnoughRuns("no weight that both curves have");
    }
    return weights.stream().mapToDouble(w -> a.mean(w) / b.mean(w) - 1).average().orElseThrow();
  }

  private static Double sum(Repetition any, List<Node> arguments)
      throws NotEnoughRuns, QueryException {
    double sum = 0;
    for (Repetition repetition : any.repetitions()) {
      sum += arguments.getFirst().number(repetition);
    }
    return sum;
  }

  private record Least(double value, Repetition repetition) {}

  private static Least least(Repetition any, List<Node> arguments)
      throws NotEnoughRuns, QueryException {
    Least least = new Least(Double.POSITIVE_INFINITY, any.repetitions().getFirst());
    for (Repetition repetition : any.repetitions()) {
      double value = arguments.getFirst().number(repetition);
      least = value < least.value() ? new Least(value, repetition) : least;
    }
    return least;
  }
}
