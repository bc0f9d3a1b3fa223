package org.ratescope.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.statistic.Restarts;

/**
 * One test curve of a study: distortion and ELBO over beta for one split and one model, a panel of
 * the built-in figures.
 *
 * @param split the split's label, with all other settings that distinguish such rows of panels
 * @param model the architecture's label, with the latent size if the study has several
 * @param distortion samples of the test distortion, by increasing beta
 * @param elbo samples of the test ELBO -D - R, by increasing beta
 * @param fall if at least half of its runs had not converged, the mean number of nats by which the
 *     training loss of these still fell in a tenth of the updates; else 0
 */
record Curve(
    String split, String model, List<Restarts> distortion, List<Restarts> elbo, double fall) {
  private static final String QUERY =
      """
      select row_label, column_label, coalesce(weight, beta_kl) as weight, distortion, elbo,
        if(avg(if(convergence = 'still falling', 1, 0)) over curve >= 0.5,
          avg(loss_fall) filter (convergence = 'still falling') over curve, 0) as fall
      from results join panels using (run)
      where subset = 'test' and isfinite(distortion) and isfinite(elbo)
      window curve as (partition by row_label, column_label)
      order by row_order, column_order, weight, seed
      """;

  private record Key(String split, String model) {}

  private static final class Points {
    final Map<Double, List<Double>> distortion = new LinkedHashMap<>();
    final Map<Double, List<Double>> elbo = new LinkedHashMap<>();
    double fall;
  }

  /** The test curves of a study, in the order of its splits and architectures. */
  static List<Curve> of(Records records) {
    QueryResult table = ask(records);
    Map<Key, Points> curves = new LinkedHashMap<>();
    for (int row = 0; row < table.rows().size(); row++) {
      Key key = new Key(text(table, row, "row_label"), text(table, row, "column_label"));
      Points points = curves.computeIfAbsent(key, k -> new Points());
      double beta = number(table, row, "weight");
      add(points.distortion, beta, number(table, row, "distortion"));
      add(points.elbo, beta, number(table, row, "elbo"));
      points.fall = number(table, row, "fall");
    }
    List<Curve> result = new ArrayList<>();
    curves.forEach(
        (key, p) ->
            result.add(
                new Curve(key.split, key.model, samples(p.distortion), samples(p.elbo), p.fall)));
    return result;
  }

  /** Whether at least half of its runs had converged, or may have. */
  boolean hasConverged() {
    return fall == 0;
  }

  private static QueryResult ask(Records records) {
    try {
      return records.query(QUERY);
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }

  private static void add(Map<Double, List<Double>> points, double beta, double value) {
    points.computeIfAbsent(beta, b -> new ArrayList<>()).add(value);
  }

  private static List<Restarts> samples(Map<Double, List<Double>> points) {
    return points.entrySet().stream().map(e -> new Restarts(e.getKey(), e.getValue())).toList();
  }

  private static String text(QueryResult table, int row, String column) {
    return Objects.requireNonNull(table.value(row, column)).toString();
  }

  private static double number(QueryResult table, int row, String column) {
    return (Double) Objects.requireNonNull(table.value(row, column));
  }
}
