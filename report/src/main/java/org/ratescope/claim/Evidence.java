package org.ratescope.claim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.Restarts;
import org.ratescope.statistic.Series;

/** The records by which a claim is judged. */
public final class Evidence {
  private static final int FEWEST_WEIGHTS = 3;
  private final Records records;

  /** Evidence from the runs of the studies that are chosen. */
  Evidence(Records records) {
    this.records = records;
  }

  /**
   * What the query of a claim found.
   *
   * @param holds the verdict; absent where the runs are not enough
   * @param numbers what the verdict rests on, or what is missing
   */
  record Row(Optional<Boolean> holds, String numbers) {}

  /** The verdict of a query with the columns {@code holds} and {@code numbers}. */
  Row row(String sql) throws NotEnoughRuns, QueryException {
    QueryResult table = records.query(sql);
    if (table.rows().isEmpty()) {
      throw new NotEnoughRuns("the query gives no row");
    }
    return new Row(
        Optional.ofNullable((Boolean) table.value(0, "holds")),
        String.valueOf(table.value(0, "numbers")));
  }

  /**
   * A curve by weight from a query of two columns; rows with a null or a weight of 0 are left out.
   */
  Series series(CurveQuery.Filled query) throws NotEnoughRuns, QueryException {
    Map<Double, List<Double>> values = new TreeMap<>();
    for (Map<String, Object> row : rows(query.sql())) {
      List<Object> cells = List.copyOf(row.values());
      double weight = ((Number) cells.get(0)).doubleValue();
      if (weight > 0) {
        values
            .computeIfAbsent(weight, w -> new ArrayList<>())
            .add(((Number) cells.get(1)).doubleValue());
      }
    }
    if (values.size() < FEWEST_WEIGHTS) {
      throw new NotEnoughRuns(
          query.few().isEmpty()
              ? "%s: %s weights with finished runs, at least %s are needed"
                  .formatted(query.name(), values.size(), FEWEST_WEIGHTS)
              : "%s %s, at least %s are needed"
                  .formatted(values.size(), query.few(), FEWEST_WEIGHTS));
    }
    List<Restarts> samples = new ArrayList<>();
    values.forEach((weight, list) -> samples.add(new Restarts(weight, list)));
    return new Series(query.name(), samples);
  }

  /** The first cell of a query. */
  Object value(CurveQuery.Filled query) throws NotEnoughRuns, QueryException {
    List<Map<String, Object>> rows = rows(query.sql());
    if (rows.isEmpty()) {
      throw new NotEnoughRuns(query.few());
    }
    return rows.getFirst().values().iterator().next();
  }

  /** The rows of a query that have no null, by column. */
  List<Map<String, Object>> rows(String sql) throws QueryException {
    List<Map<String, Object>> rows = new ArrayList<>();
    QueryResult table = records.query(sql);
    for (List<? extends @Nullable Object> row : table.rows()) {
      if (row.stream().allMatch(Objects::nonNull)) {
        Map<String, Object> full = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
          full.put(table.columns().get(i), Objects.requireNonNull(row.get(i)));
        }
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
