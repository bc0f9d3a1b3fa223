package org.ratescope.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** SQL from a stranger: it reads the tables, and neither reads nor writes anything else. */
class ClosedRecordsTest {
  private static final Study STUDY = Generated.small(1);

  @TempDir static Path folder;

  private static Records records = open(Path.of("none"));

  private static Records open(Path results) {
    return Records.open(Suite.of(STUDY), RecordStore.at(results));
  }

  @BeforeAll
  static void write() throws IOException {
    records.close();
    records = open(folder.resolve("results"));
    Files.writeString(folder.resolve("secret.csv"), "a\n1\n");
  }

  @AfterAll
  static void close() {
    records.close();
  }

  static Stream<String> hostile() {
    return Stream.of(
            "copy (select 1) to 'FOLDER/out.csv'",
            "copy (select 1) to 'FOLDER/out.parquet' (format parquet)",
            "select 1; copy (select 1) to 'FOLDER/out.csv'",
            "copy runs from 'FOLDER/secret.csv'",
            "export database 'FOLDER/all'",
            "import database 'FOLDER'",
            "attach 'FOLDER/new.db'",
            "from read_text('FOLDER/secret.csv')",
            "from read_blob('FOLDER/secret.csv')",
            "from read_csv('FOLDER/secret.csv')",
            "from 'FOLDER/secret.csv'",
            "from read_json('FOLDER/secret.csv')",
            "from read_parquet('FOLDER/secret.csv')",
            "from sniff_csv('FOLDER/secret.csv')",
            "from glob('FOLDER/*')",
            "from query('from read_text(''FOLDER/secret.csv'')')",
            "from read_csv('http://127.0.0.1:1/x.csv')",
            "install httpfs",
            "load httpfs",
            "create persistent secret s (type s3)",
            "set enable_external_access = true",
            "set lock_configuration = false",
            "reset lock_configuration",
            "set temp_directory = 'FOLDER/temporary'",
            "set memory_limit = '100GB'",
            "pragma profiling_output = 'FOLDER/profile'",
            "call enable_logging(storage = 'file', storage_path = 'FOLDER/log')",
            "from Enable_Logging(storage = 'file', storage_path = 'FOLDER/log')",
            "from query('from enable_'||'logging(storage = ''file'', storage_path ="
                + " ''FOLDER/log'')')",
            "from QUERY  ('select 1')",
            "from \"query\" ('select 1')",
            "from query/* ( */('select 1')",
            "from query -- (\n ('select 1')",
            "from query\u00a0('select 1')",
            "from main.query('select 1')",
            "create temp macro f(x) as table from query(x); from f('select 1')",
            "pragma json_execute_serialized_sql(json_serialize_sql('select 1'))",
            "pragma /* a */ enable_profiling",
            "from json_execute_serialized_sql(json_serialize_sql('select 1'))",
            "from enable_profiling(save_location = 'FOLDER/profile')",
            "from arrow_scan(1::pointer, 2::pointer, 3::pointer)",
            "call force_checkpoint()")
        .map(sql -> sql.replace("FOLDER", folder.toString()));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void refusesWhatReachesOut(String sql) {
    assertThatThrownBy(() -> records.query(sql)).isInstanceOf(QueryException.class);
    assertThat(folder.toFile().list()).containsExactly("secret.csv");
  }

  /** A new version of DuckDB may have functions that nobody has judged. */
  @Test
  void everyTableFunctionIsAllowedOrRefused() throws Exception {
    Set<String> known = new TreeSet<>(ClosedSql.ALLOWED);
    known.addAll(ClosedSql.REFUSED);
    assertThat(
            records
                .query(
                    "select distinct function_name from duckdb_functions()"
                        + " where internal and function_type in ('table', 'table_macro')")
                .rows())
        .extracting(row -> row.getFirst().toString())
        .containsExactlyInAnyOrderElementsOf(known);
    assertThat(ClosedSql.ALLOWED).doesNotContainAnyElementsOf(ClosedSql.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1 as query",
        "select query from (select 'a query' as query) order by query",
        "from range(3)",
        "select unnest([1, 2])",
        "from query_table('runs')",
        "select repeat('x', 3), histogram(x) from range(3) t(x)",
        "from duckdb_tables()",
        "pragma table_info('runs')",
        "pragma show_tables",
        "describe runs",
        "summarize runs",
        "explain select 1"
      })
  void answersWhatOnlyComputes(String sql) throws Exception {
    assertThat(records.query(sql).columns()).isNotEmpty();
  }

  @Test
  void anErrorSaysThatFilesAreClosed() {
    assertThatThrownBy(() -> records.query("copy (select 1) to 'out.csv'"))
        .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.isForbidden()).isTrue())
        .hasMessageContaining("disabled by configuration");
    assertThatThrownBy(() -> records.query("select nothing"))
        .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.isForbidden()).isFalse());
  }

  @Test
  void stillFillsTablesAfterTheLock() throws Exception {
    assertThat(records.query("select count(*) as n from splits").rows())
        .isEqualTo(List.of(List.of(0L)));
    assertThat(records.query("create temp table t as select 1 as x; from t").rows()).hasSize(1);
  }

  @Test
  void opensFilesForTheirOwner(@TempDir Path out) throws Exception {
    Path file = out.resolve("runs.parquet");
    try (Records open =
        Records.openWithFiles(Suite.of(STUDY), RecordStore.at(folder.resolve("results")))) {
      open.query("copy runs to '%s'".formatted(file));
      assertThat(open.query("select count(*) from '%s'".formatted(file)).rows())
          .isEqualTo(open.query("select count(*) from runs").rows());
    }
  }
}
