package org.ratescope.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.sql.RunColumns;

/** The blocks of JSON in the page; it parses each when it needs it. */
record PageData(Records records, List<DrawnFigure> figures) {
  /**
   * Above this size, only the first restart of each grid point keeps its pictures: thousands of
   * runs would make a page that browsers open too slowly.
   */
  static final int MOST_PICTURE_BYTES = 6_000_000;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<RunField<?>> GRID = RunColumns.ofGridPoint();

  private static final String RUNS =
      """
      select run, studies, %s, outcome, runs.step as step, convergence, loss_fall,
        test.distortion as test_distortion, test.rate as test_rate, test.elbo as test_elbo,
        train.distortion as train_distortion, train.rate as train_rate, train.elbo as train_elbo,
        message
      from runs
        left join (
          select run, string_agg(study, ', ' order by study_index) as studies
          from members join studies using (study) group by run
        ) using (run)
        left join (select run, distortion, rate, elbo from results where subset = 'test') test using (run)
        left join (select run, distortion, rate, elbo from results where subset = 'train') train using (run)
      order by %s, runs.seed
      """
          .formatted(RunColumns.select(RunFields.ALL), RunColumns.orderBy(GRID));

  private static final String ESTIMATES =
      """
      select name as estimate, %s, subset,
        avg("value") as mean, stddev_samp("value") as sd, count(*) as restarts, unit, settings
      from runs join estimates using (run)
      where outcome = 'finished'
      group by %s, name, subset, unit, settings
      order by estimate, %s, subset desc
      """
          .formatted(RunColumns.select(GRID), RunColumns.groupBy(GRID), RunColumns.orderBy(GRID));

  private static final String PICTURES =
      """
      with sized as (
        select pictures.*, seed = min(seed) over grid_point as first,
          sum(length(reconstruction)) over () as bytes
        from pictures join runs using (run)
        window grid_point as (partition by %s, name)
      )
      select run, name, subset, idx, distance, original, neighbour, reconstruction
      from sized where first or bytes <= %s
      order by run, name
      """
          .formatted(RunColumns.groupBy(GRID), MOST_PICTURE_BYTES);

  /** The blocks by the ids of their elements. */
  Map<String, String> blocks() {
    Map<String, String> blocks = new LinkedHashMap<>();
    blocks.put("themes", themes());
    figures.forEach(figure -> blocks.put("spec-" + figure.name(), figure.spec()));
    blocks.put("fields-data", fields());
    blocks.put("runs-data", compact(ask(RUNS)).toString());
    blocks.put("estimates-data", compact(ask(ESTIMATES)).toString());
    blocks.put("pictures-data", pictures().toString());
    return blocks;
  }

  /** The names of all estimates, which are those with a table. */
  List<String> estimateNames() {
    QueryResult names =
        ask(
            "select distinct name from estimates join runs using (run)"
                + " where outcome = 'finished' order by name");
    return names.rows().stream().map(row -> String.valueOf(row.getFirst())).toList();
  }

  /** For each field of a run its column, its title, and whether it is a number. */
  private static String fields() {
    ArrayNode fields = MAPPER.createArrayNode();
    for (RunField<?> field : RunFields.ALL) {
      fields.addArray().add(field.column()).add(field.title()).add(!field.isText());
    }
    return fields.toString();
  }

  private static String themes() {
    try {
      ObjectNode themes = MAPPER.createObjectNode();
      for (String theme : List.of("light", "dark")) {
        themes.set(theme, MAPPER.readTree(DrawnFigure.theme(theme)));
      }
      return themes.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was written as JSON can be read", e);
    }
  }

  /** Columns and rows; the names are written once. */
  private static ObjectNode compact(QueryResult table) {
    ObjectNode node = MAPPER.createObjectNode();
    table.columns().forEach(node.putArray("columns")::add);
    ArrayNode rows = node.putArray("rows");
    for (List<@Nullable Object> row : table.rows()) {
      ArrayNode values = rows.addArray();
      row.forEach(value -> values.add(QueryResult.json(value)));
    }
    return node;
  }

  /**
   * For each run its exemplars, {@code [name, subset, index, distance, original, neighbour,
   * reconstruction]}; an image is an index into the list of all images, which contains each once.
   */
  private ObjectNode pictures() {
    QueryResult table = ask(PICTURES);
    Map<String, Integer> images = new LinkedHashMap<>();
    ObjectNode node = MAPPER.createObjectNode();
    ObjectNode runs = node.putObject("runs");
    for (int row = 0; row < table.rows().size(); row++) {
      ArrayNode picture = runs.withArray(text(table, row, "run")).addArray();
      for (String column : List.of("name", "subset", "idx", "distance")) {
        picture.add(QueryResult.json(table.value(row, column)));
      }
      for (String column : List.of("original", "neighbour", "reconstruction")) {
        String image = text(table, row, column);
        picture.add((int) images.computeIfAbsent(image, i -> images.size()));
      }
    }
    images.keySet().forEach(node.putArray("images")::add);
    return node;
  }

  private static String text(QueryResult table, int row, String column) {
    return Objects.requireNonNull(table.value(row, column)).toString();
  }

  private QueryResult ask(String sql) {
    try {
      return records.query(sql);
    } catch (QueryException e) {
      throw new IllegalStateException("a query of our own is wrong", e);
    }
  }
}
