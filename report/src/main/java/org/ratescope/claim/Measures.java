package org.ratescope.claim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.ratescope.claim.Formula.Node;
import org.ratescope.sql.QueryException;
import org.ratescope.statistic.CurveMinimum;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.Polyline;
import org.ratescope.statistic.RankCorrelation;
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

  /** Computes a value from arguments in a repetition of a claim, or in all of its repetitions. */
  private interface Aggregation {
    Object of(Repetition repetition, List<Node> arguments) throws NotEnoughRuns, QueryException;
  }

  private record Measure(int arguments, Aggregation aggregation) {}

  private static void put(String name, int arguments, Computation computation) {
    MEASURES.put(
        name,
        new Measure(
            arguments,
            (repetition, nodes) -> {
              Object[] values = new Object[nodes.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = nodes.get(i).value(repetition);
              }
              return computation.of(values);
            }));
  }

  static {
    put("trend", 1, a -> series(a[0]).trend());
    put("slope", 1, a -> RankCorrelation.slope(series(a[0]).weights(), series(a[0]).means()));
    put("count", 1, a -> (double) series(a[0]).samples().size());
    put("reversal", 1, a -> series(a[0]).reversal());
    put("visible", 1, a -> visible(series(a[0]).valley()) ? 1.0 : 0.0);
    put("rise", 1, a -> series(a[0]).valley().rise());
    put("minimum", 1, a -> series(a[0]).valley().inWords());
    put("first", 1, a -> series(a[0]).samples().getFirst().mean());
    put("last", 1, a -> series(a[0]).samples().getLast().mean());
    put("first_beta", 1, a -> series(a[0]).samples().getFirst().beta());
    put("last_beta", 1, a -> series(a[0]).samples().getLast().beta());
    put("highest", 1, a -> series(a[0]).highest().mean());
    put("highest_beta", 1, a -> series(a[0]).highest().beta());
    put("deficit", 2, a -> deficit(series(a[0]), Repetition.number(a[1])));
    put("fall", 2, a -> fall(series(a[0]), Repetition.number(a[1])));
    put("least_below", 2, a -> leastBelow(series(a[0]), Repetition.number(a[1])));
    put("worst", 2, a -> worst(series(a[0]), series(a[1])));
    put("above", 2, a -> mean(series(a[0]), series(a[1]), false));
    put("excess", 2, a -> mean(series(a[0]), series(a[1]), true));
    put("distance", 2, a -> polyline(a[0]).distanceTo(polyline(a[1])));
    put("extent", 1, a -> polyline(a[0]).extent());
    put("log", 1, a -> Math.log(Repetition.number(a[0])));
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

  private static Polyline polyline(Object value) {
    if (value instanceof Polyline polyline) {
      return polyline;
    }
    throw new IllegalArgumentException(
        "got %s; expected a curve with two columns".formatted(value));
  }

  private static boolean visible(CurveMinimum minimum) {
    return minimum.verdict() == CurveMinimum.Verdict.VISIBLE;
  }

  /** By how many standard deviations the highest mean is above that at a weight. */
  private static double deficit(Series series, double weight) throws NotEnoughRuns {
    Restarts at =
        series
            .at(weight)
            .orElseThrow(
                () ->
                    new NotEnoughRuns(
                        "%s: no runs at β = %s".formatted(series.name(), Repetition.text(weight))));
    Restarts highest = series.highest();
    return highest.equals(at) ? 0 : series.deviations(highest, at);
  }

  /** By how many standard deviations the first mean is above the last, whose weight is larger. */
  private static double fall(Series series, double weight) throws NotEnoughRuns {
    Restarts last = series.samples().getLast();
    if (!(last.beta() > weight)) {
      throw new NotEnoughRuns(
          "%s: no β above %s".formatted(series.name(), Repetition.text(weight)));
    }
    return series.deviations(series.samples().getFirst(), last);
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

  /** The largest amount, in standard deviations, by which one curve is above another. */
  private static double worst(Series upper, Series lower) throws NotEnoughRuns {
    double worst = Double.NEGATIVE_INFINITY;
    for (double weight : upper.shared(lower)) {
      Restarts above = upper.at(weight).orElseThrow();
      worst = Math.max(worst, upper.deviations(above, lower.at(weight).orElseThrow()));
    }
    return worst;
  }

  /** The mean over shared weights of the difference, or of the relative difference. */
  private static double mean(Series a, Series b, boolean relative) throws NotEnoughRuns {
    List<Double> weights = a.shared(b);
    if (weights.isEmpty()) {
      throw new NotEnoughRuns("no weight that both curves have");
    }
    ToDoubleFunction<Double> difference =
        relative ? w -> a.mean(w) / b.mean(w) - 1 : w -> a.mean(w) - b.mean(w);
    return weights.stream().mapToDouble(difference).average().orElseThrow();
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
