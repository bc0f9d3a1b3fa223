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
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;

/** The blocks of JSON in the page; it parses each when it needs it. */
record PageData(Records records, List<DrawnFigure> figures) {
  /**
   * Above this size, only the first restart of each grid point keeps its pictures: thousands of
   * runs would make a page that browsers open too slowly.
   */
  static final int MOST_PICTURE_BYTES = 6_000_000;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String RUNS =
      """
      select run, studies, data_label as data, split_label as split,
        architecture_label as architecture, latent_size as latent, likelihood_label as likelihood,
        objective_label as objective, beta_mi, beta_kl, stopping_label as stopping,
        "precision", seed, outcome, runs.step as step,
        test.distortion as test_distortion, test.rate as test_rate, test.elbo as test_elbo,
        train.distortion as train_distortion, train.rate as train_rate, train.elbo as train_elbo,
        message
      from runs
        left join (
          select run, string_agg(study, ', ' order by study_index) as studies
          from members join studies using (study) group by run
        ) using (run)
        left join (select run, distortion, rate, elbo from results where half = 'test') test using (run)
        left join (select run, distortion, rate, elbo from results where half = 'train') train using (run)
      order by data_index, split_index, architecture_index, latent, likelihood_index, objective,
        beta_mi, beta_kl, stopping_index, seed
      """;

  private static final String ESTIMATES =
      """
      select name as estimate, data_label as data, split_label as split,
        architecture_label as architecture, latent_size as latent, likelihood_label as likelihood,
        objective_label as objective, beta_mi, beta_kl, stopping_label as stopping, half,
        avg("value") as mean, stddev_samp("value") as sd, count(*) as restarts, unit, settings
      from runs join estimates using (run)
      where outcome = 'finished'
      group by data_index, data_label, split_index, split_label, architecture_index,
        architecture_label, latent_size, likelihood_index, likelihood_label, objective,
        objective_label, beta_mi, beta_kl, stopping_index, stopping_label, name, half, unit, settings
      order by estimate, data_index, split_index, architecture_index, latent, likelihood_index,
        objective, beta_mi, beta_kl, stopping_index, half desc
      """;

  private static final String PICTURES =
      """
      with sized as (
        select pictures.*, seed = min(seed) over grid_point as first,
          sum(length(reconstruction)) over () as bytes
        from pictures join runs using (run)
        window grid_point as (partition by "data", split, architecture, latent_size, likelihood,
          beta_mi, beta_kl, stopping, iterations, batch, learning_rate, "precision", name)
      )
      select run, name, half, idx, distance, original, neighbour, reconstruction
      from sized where first or bytes <= %s
      order by run, name
      """
          .formatted(MOST_PICTURE_BYTES);

  /** The blocks by the ids of their elements. */
  Map<String, String> blocks() {
    Map<String, String> blocks = new LinkedHashMap<>();
    blocks.put("themes", themes());
    figures.forEach(figure -> blocks.put("spec-" + figure.name(), figure.spec()));
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
   * For each run its exemplars, {@code [name, half, index, distance, original, neighbour,
   * reconstruction]}; an image is an index into the list of all images, which contains each once.
   */
  private ObjectNode pictures() {
    QueryResult table = ask(PICTURES);
    Map<String, Integer> images = new LinkedHashMap<>();
    ObjectNode node = MAPPER.createObjectNode();
    ObjectNode runs = node.putObject("runs");
    for (int row = 0; row < table.rows().size(); row++) {
      ArrayNode picture = runs.withArray(text(table, row, "run")).addArray();
      for (String column : List.of("name", "half", "idx", "distance")) {
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
