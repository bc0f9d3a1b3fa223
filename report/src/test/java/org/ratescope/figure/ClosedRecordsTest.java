package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryException;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** SQL from a stranger: it reads the tables, and neither reads nor writes anything else. */
class ClosedRecordsTest {
  private static final Study STUDY = Generated.small(1);

  @TempDir static Path folder;

  private static Records records = open(Path.of("none"));

  private static Records open(Path results) {
    return Records.open(STUDY, RecordStore.at(results));
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
            "from Enable_Logging(storage = 'file', storage_path = 'FOLDER/log')")
        .map(sql -> sql.replace("FOLDER", folder.toString()));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void refusesWhatReachesOut(String sql) {
    assertThatThrownBy(() -> records.query(sql)).isInstanceOf(QueryException.class);
    assertThat(folder.toFile().list()).containsExactly("secret.csv");
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
