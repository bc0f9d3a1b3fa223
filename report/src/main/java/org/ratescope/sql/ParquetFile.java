package org.ratescope.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Rows as a Parquet file. */
public final class ParquetFile {
  private ParquetFile() {}

  /**
   * Writes a file; one of the same name is replaced.
   *
   * @param columns names and SQL types of the columns, in order
   * @param size number of rows
   * @param row the row with that number: texts, whole and real numbers, null
   * @param metadata texts beside the rows, by key
   */
  public static void write(
      Path file,
      Map<String, String> columns,
      int size,
      IntFunction<List<@Nullable Object>> row,
      Map<String, String> metadata)
      throws IOException {
    DuckDbLibrary.load();
    try (DuckDBConnection connection =
            DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
        Statement statement = connection.createStatement()) {
      statement.execute(
          columns.entrySet().stream()
              .map(column -> "\"%s\" %s".formatted(column.getKey(), column.getValue()))
              .collect(Collectors.joining(", ", "create table content (", ")")));
      try (TableAppender rows = new TableAppender(connection, "content")) {
        for (int i = 0; i < size; i++) {
          rows.addRow(row.apply(i));
        }
      }
      statement.execute(copy("from content", file, metadata));
    } catch (SQLException e) {
      throw new IOException(QueryException.of(e).getMessage(), e);
    }
  }

  /** The SQL that writes the answer to a query. */
  public static String copy(String query, Path file, Map<String, String> metadata) {
    return "copy (%s) to %s (format parquet, compression zstd, kv_metadata {%s})"
        .formatted(
            query,
            Records.quoted(file.toAbsolutePath().toString()),
            metadata.entrySet().stream()
                .map(
                    entry ->
                        "\"%s\": %s".formatted(entry.getKey(), Records.quoted(entry.getValue())))
                .collect(Collectors.joining(", ")));
  }
}
