package org.ratescope.sql;

import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Rows on their way into one table, through DuckDB's bulk appender. */
final class TableAppender implements AutoCloseable {
  private final DuckDBAppender appender;

  TableAppender(DuckDBConnection connection, String table) throws SQLException {
    appender = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
  }

  /** Appends one row: texts, whole and real numbers, null. */
  void add(@Nullable Object... values) throws SQLException {
    appender.beginRow();
    for (Object value : values) {
      append(value);
    }
    appender.endRow();
  }

  /** Appends one row of two parts. */
  void addRow(List<@Nullable Object> first, @Nullable Object... rest) throws SQLException {
    appender.beginRow();
    for (Object value : first) {
      append(value);
    }
    for (Object value : rest) {
      append(value);
    }
    appender.endRow();
  }

  private void append(@Nullable Object value) throws SQLException {
    switch (value) {
      case null -> appender.appendNull();
      case String text -> appender.append(text);
      case Integer number -> appender.append(number.intValue());
      case Long number -> appender.append(number.longValue());
      case Double number -> appender.append(number.doubleValue());
      default -> throw new IllegalArgumentException("no column holds a " + value.getClass());
    }
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }
}
