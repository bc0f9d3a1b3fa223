package org.ratescope.parquet;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ratescope.dataset.store.BuildListener;
import org.ratescope.results.Version;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunField;
import org.ratescope.sql.ParquetFile;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.sql.RunColumns;
import org.ratescope.study.Suite;

/**
 * The records of a study as Parquet files, a table each: {@code runs}, {@code estimates}, {@code
 * results}, {@code curves} (means over restarts), {@code trace}, and the tables of details that
 * have rows. The key {@code columns} of a file's metadata is a JSON object with unit and meaning of
 * each column.
 */
public final class ParquetTables {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Tables that are written even if they have no rows. */
  private static final List<String> ALWAYS = List.of("runs", "estimates", "results", "curves");

  private static final List<String> DETAILS =
      List.of(
          "trace",
          "learning_curves",
          "examples",
          "latent_plane",
          "latent_codes",
          "prior_estimates");

  private ParquetTables() {}

  /**
   * A file that was written.
   *
   * @param file its name
   * @param rows number of rows
   * @param columns meaning of its columns, by name
   */
  public record Table(Path file, long rows, Map<String, ColumnMeaning> columns) {
    public Table {
      columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }
  }

  /** What was written, and what was wrong with records that could not be read. */
  public record Written(List<Table> tables, List<String> warnings) {
    public Written {
      tables = List.copyOf(tables);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Writes the tables into a folder, which is made if it does not exist. Files of the same names
   * are replaced.
   *
   * @param listener receives the number of finished tables
   * @throws IOException if a file cannot be written
   */
  public static Written write(Suite suite, RecordStore store, Path folder, BuildListener listener)
      throws IOException {
    Files.createDirectories(folder);
    List<Table> tables = new ArrayList<>();
    List<String> names = Stream.concat(ALWAYS.stream(), DETAILS.stream()).toList();
    try (Records records = Records.openWithFiles(suite, store)) {
      for (String name : names) {
        listener.built("writing Parquet files", names.indexOf(name), names.size());
        long rows = number(records.query("select count(*) from (%s)".formatted(sql(name))));
        if (rows > 0 || ALWAYS.contains(name)) {
          tables.add(write(records, name, rows, folder.resolve(name + ".parquet")));
        }
      }
      return new Written(tables, records.warnings());
    } catch (QueryException e) {
      throw new IOException(e.getMessage(), e); // of the folder: the queries are ours
    }
  }

  private static long number(QueryResult count) {
    return count.rows().getFirst().getFirst() instanceof Long rows ? rows : 0;
  }

  private static Table write(Records records, String name, long rows, Path file)
      throws QueryException {
    Map<String, ColumnMeaning> columns = new LinkedHashMap<>();
    ObjectNode json = JSON.createObjectNode();
    for (List<?> row : records.query("describe " + sql(name)).rows()) {
      String column = String.valueOf(row.getFirst());
      ColumnMeaning meaning = ColumnMeaning.of(name, column, String.valueOf(row.get(1)));
      columns.put(column, meaning);
      json.putObject(column).put("unit", meaning.unit()).put("meaning", meaning.text());
    }
    Map<String, String> metadata =
        Map.of("ratescope", Version.RATESCOPE, "table", name, "columns", json.toString());
    QueryResult unused = records.query(ParquetFile.copy(sql(name), file, metadata));
    return new Table(file, rows, columns);
  }

  private static String sql(String table) {
    return table.equals("curves") ? CURVES : "select * from " + table;
  }

  private static final String CURVES = curves();

  /** The mean over restarts of each point of a curve. */
  private static String curves() {
    String columns =
        Stream.concat(
                RunColumns.ofGridPoint().stream().flatMap(ParquetTables::columns),
                Stream.of("subset"))
            .collect(joining(", "));
    String means =
        Stream.of("distortion", "rate", "elbo")
            .map(n -> "avg(%1$s) as %1$s, stddev_samp(%1$s) as %1$s_sd".formatted(n))
            .collect(joining(", "));
    return "select %1$s, count(*)::integer as restarts, %2$s from results group by %1$s order by all"
        .formatted(columns, means);
  }

  private static Stream<String> columns(RunField<?> field) {
    Stream<String> own =
        field.isText()
            ? Stream.of(field.column(), field.column() + "_label")
            : Stream.of(field.column());
    return Stream.concat(own, field.parts().stream().map(part -> part.column()))
        .map(name -> '"' + name + '"');
  }
}
