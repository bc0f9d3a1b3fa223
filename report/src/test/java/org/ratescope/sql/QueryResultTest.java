package org.ratescope.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueryResultTest {
  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private static final QueryResult TABLE =
      new QueryResult(
          List.of("name", "beta", "n"),
          List.of(row("a, \"b\"", 0.001, 12L), row(null, Double.NaN, 3L), row("c", 1.0 / 3, null)));

  @Test
  void alignsNumbersRightAndTextsLeft() {
    assertThat(TABLE.toText())
        .isEqualTo(
            """
            name        beta   n
            a, "b"     0.001  12
                         NaN   3
            c       0.333333
            """);
  }

  /** Columns of one value and repeated ones go first, then those in the middle. */
  @Test
  void fitsAWidth() {
    QueryResult table =
        new QueryResult(
            List.of("run", "data", "beta", "weight", "rate", "distortion"),
            List.of(
                row("3fa2", "mnist", 0.1, 0.1, 20.5, 71.25),
                row("9c01", "mnist", 1.0, 1.0, 9.5, 80.5)));

    assertThat(table.toText(43)).isEqualTo(table.toText());
    assertThat(table.toText(42))
        .isEqualTo(
            """
            run   beta  rate  distortion
            3fa2   0.1  20.5       71.25
            9c01     1   9.5        80.5
            4 of 6 columns; --csv and --json print all
            """);
    assertThat(table.toText(20))
        .isEqualTo(
            """
            run   distortion
            3fa2       71.25
            9c01        80.5
            2 of 6 columns; --csv and --json print all
            """);
  }

  @Test
  void quotesCsvAfterRfc4180() {
    assertThat(TABLE.toCsv())
        .isEqualTo("name,beta,n\n\"a, \"\"b\"\"\",0.001,12\n,NaN,3\nc,0.3333333333333333,\n");
  }

  @Test
  void hasNoNonFiniteNumbersInJson() {
    assertThat(TABLE.toJson())
        .isEqualTo(
            "[{\"name\":\"a, \\\"b\\\"\",\"beta\":0.001,\"n\":12},"
                + "{\"name\":null,\"beta\":null,\"n\":3},"
                + "{\"name\":\"c\",\"beta\":0.3333333333333333,\"n\":null}]");
  }

  @Test
  void refusesRowsOfAnotherLengthAndUnknownColumns() {
    assertThatThrownBy(() -> new QueryResult(List.of("a"), List.of(row(1L, 2L))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 values");
    assertThatThrownBy(() -> TABLE.value(0, "gamma"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gamma");
  }

  @Test
  void writesNumbersToSixDigits() {
    assertThat(DisplayNames.number(0)).isEqualTo("0");
    assertThat(DisplayNames.number(1)).isEqualTo("1");
    assertThat(DisplayNames.number(-123456.789)).isEqualTo("-123457");
    assertThat(DisplayNames.number(1e-7)).isEqualTo("1E-7");
    assertThat(DisplayNames.number(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
  }
}
