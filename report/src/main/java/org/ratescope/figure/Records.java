package org.ratescope.figure;

import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;
import org.ratescope.record.RecordStore;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * The records of a study, or of a suite of studies, as tables in an in-memory DuckDB: {@code runs},
 * {@code members}, {@code studies}, {@code estimates}, {@code trace}, {@code pictures}, the view
 * {@code results}, and tables about the data and about single examples, which are read when first
 * asked for. Their columns are documented in docs/figures.md. Belongs to one thread at a time.
 */
public final class Records implements AutoCloseable {
  private final DuckDBConnection connection;
  private final List<String> warnings;
  private final DetailTables details;

  private Records(DuckDBConnection connection, List<String> warnings, DetailTables details) {
    this.connection = connection;
    this.warnings = List.copyOf(warnings);
    this.details = details;
  }

  /** {@link #open(Suite, RecordStore)} for one study. */
  public static Records open(Study study, RecordStore store) {
    return open(Suite.of(study), store);
  }

  /**
   * Reads the record of every run of the suite. A run without a record has the outcome {@code
   * missing}; so has one whose record is damaged, which {@link #warnings} names.
   */
  public static Records open(Suite suite, RecordStore store) {
    try {
      DuckDBConnection connection = connect();
      try {
        Records records =
            new Records(
                connection,
                new RecordTables(suite).fill(connection, store),
                new DetailTables(suite.studies(), store));
        records.choose(List.of());
        return records;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB: " + e.getMessage(), e);
    }
  }

  private static DuckDBConnection connect() throws SQLException {
    DuckDbLibrary.load();
    Properties settings = new Properties();
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "false");
    return DriverManager.getConnection("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
  }

  /**
   * What was wrong with records that were looked at and could not be read, each naming its file.
   */
  public List<String> warnings() {
    return Stream.concat(warnings.stream(), details.warnings().stream()).toList();
  }

  /**
   * The answer to SQL in DuckDB's dialect. A statement without an answer gives a table without
   * columns.
   *
   * @throws QueryException with one clear line if the SQL is wrong
   */
  public Table query(String sql) throws QueryException {
    try (Statement statement = connection.createStatement()) {
      details.fillFor(sql, connection);
      if (!statement.execute(sql)) {
        return new Table(List.of(), List.of());
      }
      try (ResultSet result = statement.getResultSet()) {
        return table(result);
      }
    } catch (SQLException e) {
      throw QueryException.of(e);
    }
  }

  /**
   * Fills the table {@code chosen} with the runs of those studies of a suite; with all runs where
   * none of them is there.
   */
  public void choose(List<String> studies) {
    try (PreparedStatement insert = connection.prepareStatement("insert into wanted values (?)");
        Statement statement = connection.createStatement()) {
      statement.execute("delete from wanted");
      for (String study : studies) {
        insert.setString(1, study);
        insert.execute();
      }
      statement.execute("create or replace table chosen as from choice");
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB: " + e.getMessage(), e);
    }
  }

  private static Table table(ResultSet result) throws SQLException {
    int width = result.getMetaData().getColumnCount();
    List<String> columns = new ArrayList<>();
    for (int c = 1; c <= width; c++) {
      columns.add(result.getMetaData().getColumnLabel(c));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (result.next()) {
      List<@Nullable Object> row = new ArrayList<>(width);
      for (int c : IntStream.rangeClosed(1, width).toArray()) {
        row.add(value(result, c));
      }
      rows.add(row);
    }
    return new Table(columns, rows);
  }

  private static @Nullable Object value(ResultSet result, int column) throws SQLException {
    Object value = result.getObject(column);
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Boolean flag -> flag;
      case Double number -> number;
      case Byte number -> number.longValue();
      case Short number -> number.longValue();
      case Integer number -> number.longValue();
      case Long number -> number;
      case java.math.BigInteger number ->
          number.bitLength() < Long.SIZE ? (Object) number.longValue() : number.doubleValue();
      case Number number -> number.doubleValue();
      default -> result.getString(column);
    };
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB: " + e.getMessage(), e);
    }
  }
}
