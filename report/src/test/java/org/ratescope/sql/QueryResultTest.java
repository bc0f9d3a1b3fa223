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
