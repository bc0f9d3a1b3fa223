package org.ratescope.sql;

import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Suite;

/**
 * The records of a study, or of a suite of studies, as tables in an in-memory DuckDB: {@code runs},
 * {@code members}, {@code studies}, {@code estimates}, {@code trace}, {@code learning_curves},
 * {@code pictures}, the view {@code results}, and tables about the data and about single examples,
 * which are read when first asked for. Their columns are documented in docs/figures.md. Belongs to
 * one thread at a time.
 *
 * <p>SQL reaches these tables and nothing else: no file, no network, no extension, and no setting
 * can be changed. {@link #openWithFiles} is the exception.
 */
public final class Records implements AutoCloseable {
  /** What the tables of a suite and the queries over them may take; tens of times the usual. */
  private static final String MEMORY = "4GB";

  private final DuckDBConnection connection;
  private final boolean files;
  private final List<String> warnings;
  private final DetailTables details;
  private final Map<String, Runnable> offered = new HashMap<>();
  private List<String> chosen = List.of();

  private Records(
      DuckDBConnection connection, boolean files, List<String> warnings, DetailTables details) {
    this.connection = connection;
    this.files = files;
    this.warnings = List.copyOf(warnings);
    this.details = details;
  }

  /**
   * Reads the record of every run of the suite. A run without a record has the outcome {@code
   * missing}; so has one whose record is damaged, which {@link #warnings} names.
   */
  public static Records open(Suite suite, RecordStore store) {
    return open(suite, store, false);
  }

  /**
   * The same, for SQL that its author runs: it reads and writes every file that this process can,
   * and may change settings.
   */
  public static Records openWithFiles(Suite suite, RecordStore store) {
    return open(suite, store, true);
  }

  private static Records open(Suite suite, RecordStore store, boolean files) {
    try {
      DuckDBConnection connection = connect(files);
      try {
        Records records =
            new Records(
                connection,
                files,
                new RecordTables(suite).fill(connection, store),
                new DetailTables(suite.studies(), store));
        records.choose(List.of());
        if (!files) {
          lock(connection);
        }
        return records;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB: " + e.getMessage(), e);
    }
  }

  private static DuckDBConnection connect(boolean files) throws SQLException {
    DuckDbLibrary.load();
    Properties settings = new Properties();
    settings.setProperty("threads", "1"); // the same sums, to the last bit, in each drawing
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "false");
    if (!files) {
      settings.setProperty("autoload_known_extensions", "false");
      settings.setProperty("allow_community_extensions", "false");
      settings.setProperty("enable_external_access", "false");
      settings.setProperty("temp_directory", ""); // else large queries write into .tmp
      settings.setProperty("memory_limit", MEMORY);
    }
    return DriverManager.getConnection("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
  }

  private static void lock(DuckDBConnection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set lock_configuration = true");
    }
  }

  /** A text as SQL writes it. */
  public static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
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
  public QueryResult query(String sql) throws QueryException {
    if (!files) {
      Optional<String> refused = ClosedSql.refused(sql);
      if (refused.isPresent()) {
        throw QueryException.of(
            "the table function %s is disabled by configuration; this query may read the tables of docs/figures.md only"
                .formatted(refused.get()));
      }
    }
    fillOffered(sql);
    try (Statement statement = connection.createStatement()) {
      details.fillFor(sql, connection);
      if (!statement.execute(sql)) {
        return new QueryResult(List.of(), List.of());
      }
      try (ResultSet result = statement.getResultSet()) {
        return ResultTable.of(result);
      }
    } catch (SQLException e) {
      throw QueryException.of(e);
    }
  }

  /**
   * Has a table filled when a query first names it.
   *
   * @param filling queries of these records; an {@link IllegalArgumentException} of it is a fault
   *     of the user's files and fails the query
   */
  public void offer(String table, Runnable filling) {
    offered.put(table, filling);
  }

  private void fillOffered(String sql) throws QueryException {
    for (String table : offered.keySet().stream().filter(sql::contains).toList()) {
      List<String> before = chosen;
      Runnable filling = offered.remove(table);
      if (filling != null) {
        try {
          filling.run();
        } catch (IllegalArgumentException e) {
          throw QueryException.of(String.valueOf(e.getMessage()));
        } finally {
          choose(before);
        }
      }
    }
  }

  /**
   * Fills the table {@code chosen} with the runs of those studies of a suite; with all runs where
   * none of them is there.
   */
  public void choose(List<String> studies) {
    chosen = List.copyOf(studies);
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

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB: " + e.getMessage(), e);
    }
  }
}
