package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.sql.ResultTable;
import org.ratescope.study.Suite;

/** Values of a query as JSON and CSV: every column, JSON's own types, every digit. */
class QueryValuesTest {
  @TempDir static Path folder;

  private static Records records =
      Records.open(Suite.of(Generated.small(1)), RecordStore.at(Path.of("no")));

  @BeforeAll
  static void open() {
    records.close();
    records = Records.open(Suite.of(Generated.small(1)), RecordStore.at(folder));
  }

  @AfterAll
  static void close() {
    records.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1, 2 | x,x | {\"x\":1,\"x_1\":2}",
        "1, 2, 3 | x,x_1,x | {\"x\":1,\"x_1\":2,\"x_2\":3}",
        "1, 2, 3 | x,x,x_1 | {\"x\":1,\"x_2\":2,\"x_1\":3}",
      })
  void keepsColumnsOfOneName(String values, String names, String json) throws Exception {
    String[] value = Pattern.compile(", ").split(values, -1);
    String[] name = Pattern.compile(",").split(names, -1);
    StringBuilder sql = new StringBuilder("select ");
    for (int i = 0; i < name.length; i++) {
      sql.append(i == 0 ? "" : ", ").append(value[i].strip()).append(" as ").append(name[i]);
    }
    assertThat(records.query(sql.toString()).toJson()).isEqualTo("[" + json + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1, 2, null] | [1,2,null] | `\"[1,2,null]\"`",
        "[[1], []] | [[1],[]] | `\"[[1],[]]\"`",
        "array_value(1, 2) | [1,2] | `\"[1,2]\"`",
        "{'a': 1, 'b': [0.5, 'nan'::double]} | {\"a\":1,\"b\":[0.5,null]} |"
            + " `\"{\"\"a\"\":1,\"\"b\"\":[0.5,null]}\"`",
        "map {'k': true} | {\"k\":true} | `\"{\"\"k\"\":true}\"`",
        "map {3: 'v'} | {\"3\":\"v\"} | `\"{\"\"3\"\":\"\"v\"\"}\"`",
        "18446744073709551615::ubigint | 18446744073709551615 | 18446744073709551615",
        "170141183460469231731687303715884105727::hugeint | 170141183460469231731687303715884105727"
            + " | 170141183460469231731687303715884105727",
        "123456789012345678.125::decimal(21,3) | 123456789012345678.125 | 123456789012345678.125",
        "0.10::decimal(3,2) | 0.10 | 0.10",
        "1e-7::decimal(12,10) | 0.0000001000 | 0.0000001000",
        "9223372036854775807 | 9223372036854775807 | 9223372036854775807",
        "sum(1::integer) | 1 | 1",
        "'nan'::double | null | NaN",
        "'-infinity'::double | null | -Infinity",
        "0.1::double | 0.1 | 0.1",
        "true | true | true",
        "null | null | ``",
        "timestamp '2024-01-02 03:04:05.123456' | \"2024-01-02 03:04:05.123456\" | 2024-01-02"
            + " 03:04:05.123456",
        "date '2024-01-02' | \"2024-01-02\" | 2024-01-02",
        "time '01:02:03' | \"01:02:03\" | 01:02:03",
        "interval 3 days | \"3 days\" | 3 days",
        "'\\xAA\\x00b'::blob | \"\\\\xAA\\\\x00b\" | \\xAA\\x00b",
        "'a'::enum('a', 'b') | \"a\" | a",
        "concat('say \"x\", ', chr(10), 'y') | \"say \\\"x\\\", \\ny\" | `\"say \"\"x\"\", \ny\"`",
        "concat(chr(27), '[2J') | \"\\u001B[2J\" | `\u001b[2J`",
      })
  void keepsTypesAndDigits(String sql, String json, String csv) throws Exception {
    QueryResult table = records.query("select " + sql + " as x");
    assertThat(table.toJson()).isEqualTo("[{\"x\":" + json + "}]");
    assertThat(table.toCsv()).isEqualTo("x\n" + csv + "\n");
  }

  @Test
  void aCellOfATableIsOneLine() throws Exception {
    QueryResult table =
        records.query("select 'a' || chr(13) || 'b' || chr(10) || chr(9) || 'c' as x");
    assertThat(table.toText()).isEqualTo("x\na b  c\n");
    assertThat(records.query("select [1, 2] as x").toText()).isEqualTo("x\n[1,2]\n");
    assertThat(ResultTable.distinct(List.of("a", "A", "a"))).containsExactly("a", "A", "a_1");
  }
}
