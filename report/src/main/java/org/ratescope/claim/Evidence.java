package org.ratescope.claim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ratescope.io.Resources;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.statistic.NotEnoughRuns;
import org.ratescope.statistic.Restarts;
import org.ratescope.statistic.Series;

/** The records by which a claim is judged. */
public final class Evidence {
  private final Records records;
  private final Set<String> runs = new TreeSet<>();
  private final Set<String> doubtful = new TreeSet<>();

  /** Evidence from the runs of the studies that are chosen. */
  Evidence(Records records) {
    this.records = records;
  }

  /**
   * What the query of a claim found.
   *
   * @param holds the verdict; absent where the runs are not enough
   * @param numbers what the verdict rests on, or what is missing
   * @param runs the runs on which it rests, where the query says so
   */
  record Row(Optional<Boolean> holds, String numbers, List<String> runs) {
    Row {
      runs = List.copyOf(runs);
    }
  }

  /** The verdict of a query with the columns {@code holds} and {@code numbers}. */
  Row row(String sql) throws NotEnoughRuns, QueryException {
    QueryResult table = records.query(sql);
    if (table.rows().isEmpty()) {
      throw new NotEnoughRuns("the query gives no row");
    }
    Object listed = table.columns().contains("runs") ? table.value(0, "runs") : null;
    return new Row(
        Optional.ofNullable((Boolean) table.value(0, "holds")),
        String.valueOf(table.value(0, "numbers")),
        listed == null ? List.of() : List.of(listed.toString().split(",", -1)));
  }

  /** The runs on which the verdict rests, as far as queries named them. */
  Set<String> runs() {
    return Set.copyOf(runs);
  }

  /** These runs as a list of SQL. */
  String listedRuns() {
    return runs.stream().map(Records::quoted).collect(Collectors.joining(", "));
  }

  /** Notes a run on which the verdict rests. */
  void use(String run) {
    runs.add(run);
  }

  /**
   * A curve by weight from a query whose first two columns are the weight and the value; rows with
   * a null or a weight of 0 are left out. A column {@code seed} puts restarts in order. Runs in a
   * column {@code run} must be trained far enough, and those with a true {@code doubtful} bar the
   * verdict.
   */
  Series series(CurveQuery.Filled query) throws NotEnoughRuns, QueryException {
    List<Map<String, Object>> rows = new ArrayList<>(rows(query.sql()));
    rows.sort(Comparator.comparingLong(row -> ((Number) row.getOrDefault("seed", 0L)).longValue()));
    Map<Double, List<Double>> values = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      List<Object> cells = List.copyOf(row.values());
      double weight = ((Number) cells.get(0)).doubleValue();
      if (weight > 0) {
        values
            .computeIfAbsent(weight, w -> new ArrayList<>())
            .add(((Number) cells.get(1)).doubleValue());
        note(row);
      }
    }
    if (values.size() < query.least()) {
      throw new NotEnoughRuns(
          query.few().isEmpty()
              ? "%s: %s weights with finished runs, at least %s are needed"
                  .formatted(query.name(), values.size(), query.least())
              : "%s %s, at least %s are needed"
                  .formatted(values.size(), query.few(), query.least()));
    }
    List<Restarts> samples = new ArrayList<>();
    values.forEach((weight, list) -> samples.add(new Restarts(weight, list)));
    return new Series(query.name(), samples);
  }

  private void note(Map<String, Object> row) {
    Object run = row.get("run");
    if (run != null) {
      for (String one : run.toString().split(",", -1)) {
        use(one);
        if (Boolean.TRUE.equals(row.get("doubtful"))) {
          doubtful.add(one);
        }
      }
    }
  }

  /**
   * Why the runs that were used do not support a verdict yet, and in which direction more training
   * moves their numbers; absent if they do.
   */
  Optional<String> untrained() throws QueryException {
    List<String> reasons = new ArrayList<>();
    if (!runs.isEmpty()) {
      for (Map<String, Object> row :
          rows(Resources.text(Evidence.class, "untrained.sql").replace("${runs}", listedRuns()))) {
        reasons.add(Objects.requireNonNull(row.get("sentence")).toString());
      }
    }
    if (!doubtful.isEmpty()) {
      reasons.add(
          "the log marginal likelihood of %s runs is doubtful, a bound that more samples raise"
              .formatted(doubtful.size()));
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(Claim.withMinus(String.join("; ", reasons)));
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
