package org.ratescope.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.Restarts;
import org.ratescope.statistic.Series;

/** The records that one claim is judged by, asked in the words of claims. */
public final class Evidence {
  private static final int FEWEST_WEIGHTS = 3;
  private final Records records;

  /** Evidence from the runs of the studies that are chosen. */
  Evidence(Records records) {
    this.records = records;
  }

  /** Which curve: the runs of one kind of network on the split that plays a role, one half. */
  record Curve(String family, int layers, String role, String half) {
    static Curve mlp(int layers, String role, String half) {
      return new Curve("MLP", layers, role, half);
    }

    Curve half(String other) {
      return new Curve(family, layers, role, other);
    }

    /** The curve in words: {@code 1-layer MLP, sparse split, test}. */
    String words() {
      return "%s-layer %s, %s split, %s".formatted(layers, family, role, half);
    }

    /** The condition on a view with the columns of {@code chosen} and {@code split_roles}. */
    String sql() {
      return "family = '%s' and layers = %s and role = '%s' and half = '%s'"
          .formatted(family, layers, role, half);
    }
  }

  /** A column of {@code ordinary} over beta, for example {@code distortion}. */
  Series ordinary(Curve curve, String column) throws NotEnoughRuns, QueryException {
    return series(
        column + " of " + curve.words(),
        """
        select weight, %1$s from ordinary join split_roles using (set_name, split)
        where %2$s and isfinite(%1$s)
          and variant = (select min(variant) from chosen where family = '%3$s' and layers = %4$s)
        """
            .formatted(column, curve.sql(), curve.family, curve.layers));
  }

  /** An estimate over beta, the first of those names that most runs have. */
  Series estimate(Curve curve, String names) throws NotEnoughRuns, QueryException {
    return series(
        names.replaceAll("[\\[\\]']", "") + " of " + curve.words(),
        """
        select weight, "value" from measured(%1$s) join split_roles using (set_name, split)
        where %2$s and objective = 'beta'
          and likelihood_index = (select min(likelihood_index) from chosen)
          and stopping_index = (select min(stopping_index) from chosen)
          and variant = (select min(variant) from chosen where family = '%3$s' and layers = %4$s)
        """
            .formatted(names, curve.sql(), curve.family, curve.layers));
  }

  /** Samples by weight from a query of two columns; weights of 0 are left out. */
  Series series(String name, String sql) throws NotEnoughRuns, QueryException {
    Map<Double, List<Double>> values = new TreeMap<>();
    for (List<? extends Object> row : numbers(sql)) {
      double weight = ((Number) row.get(0)).doubleValue();
      if (weight > 0) {
        values
            .computeIfAbsent(weight, w -> new ArrayList<>())
            .add(((Number) row.get(1)).doubleValue());
      }
    }
    if (values.size() < FEWEST_WEIGHTS) {
      throw new NotEnoughRuns(
          "%s: %s weights with finished runs, at least %s are needed"
              .formatted(name, values.size(), FEWEST_WEIGHTS));
    }
    List<Restarts> samples = new ArrayList<>();
    values.forEach((weight, list) -> samples.add(new Restarts(weight, list)));
    return new Series(name, samples);
  }

  /** The rows of a query that have no null. */
  List<List<Object>> numbers(String sql) throws QueryException {
    List<List<Object>> rows = new ArrayList<>();
    QueryResult table = records.query(sql);
    for (List<? extends @Nullable Object> row : table.rows()) {
      if (row.stream().allMatch(Objects::nonNull)) {
        List<Object> full = new ArrayList<>();
        row.forEach(value -> full.add(Objects.requireNonNull(value)));
        rows.add(full);
      }
    }
    return rows;
  }

  /** Requires a table that not every version or results folder has, with at least one row. */
  void require(String table) throws NotEnoughRuns, QueryException {
    boolean exists =
        !records
            .query("select 1 from duckdb_tables() where table_name = '%s'".formatted(table))
            .rows()
            .isEmpty();
    if (!exists || records.query("select 1 from %s limit 1".formatted(table)).rows().isEmpty()) {
      throw new NotEnoughRuns("table " + table + " has no rows");
    }
  }
}
