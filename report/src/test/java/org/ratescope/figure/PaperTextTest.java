package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** What the paper's text says about its figures beyond their panels, from a generated paper. */
class PaperTextTest {
  private static final Path FIGURES = Path.of("..", "studies", "paper", "figures");
  private static final Study STUDY = Generated.small(1);

  @TempDir Path folder;

  private static final List<String> ADDED =
      List.of(
          add("mutualInformationBatch", "\"value\" + 0.5", "mutualInformation"),
          add("marginalKlBatch", "\"value\" - 0.5", "marginalKl"),
          add("logMarginalQ", "\"value\" - 10", "logMarginal"));

  private static String add(String name, String value, String from) {
    return "insert into estimates by name (select * replace ('%s' as name, %s as \"value\") from estimates where name = '%s')"
        .formatted(name, value, from);
  }

  private QueryResult drawn(Records records, String name) throws Exception {
    DrawnFigure figure = Figure.read(FIGURES.resolve(name)).draw(Suite.of(STUDY), records);
    assertThat(figure.remarks()).as(name).isEmpty();
    return figure.table();
  }

  private Records open() throws Exception {
    Records records =
        GeneratedPaper.open(
            folder,
            GeneratedPaper.runs(2),
            (run, name, subset) -> MadeNumbers.exact(run, name, subset));
    for (String sql : ADDED) {
      records.query(sql);
    }
    return records;
  }

  /** Each point of the first dash beside that of the second one: the difference of their y. */
  private static void assertDashesDiffer(QueryResult table, Map<String, Double> by, String column) {
    List<Integer> points =
        IntStream.range(0, table.rows().size())
            .filter(row -> "point".equals(table.value(row, "kind")))
            .boxed()
            .toList();
    int compared = 0;
    for (int row : points) {
      if (number(table, row, "dash_order") != 0) {
        continue;
      }
      for (int other : points) {
        boolean same =
            number(table, other, "dash_order") == 1
                && List.of("row_label", "column_label", "colour_label", "weight").stream()
                    .allMatch(c -> Objects.equals(table.value(row, c), table.value(other, c)));
        if (same) {
          String quantity = String.valueOf(table.value(row, column));
          double difference =
              by.entrySet().stream()
                  .filter(e -> quantity.contains(e.getKey()))
                  .mapToDouble(Map.Entry::getValue)
                  .findFirst()
                  .orElseThrow();
          assertThat(number(table, other, "y") - number(table, row, "y"))
              .isCloseTo(difference, within(1e-9));
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(points.size() / 2).isPositive();
  }

  private static double number(QueryResult table, int row, String column) {
    return table.value(row, column) instanceof Number n ? n.doubleValue() : Double.NaN;
  }

  /** Section 4.5: the estimates are from batches of 512; the exact ones stand beside them. */
  @Test
  void figures8AndA24DrawThePapersEstimates() throws Exception {
    try (Records records = open()) {
      assertDashesDiffer(
          drawn(records, "8"), Map.of("Mutual", 0.5, "Marginal", -0.5), "column_label");
      assertDashesDiffer(
          drawn(records, "A24"), Map.of("I(x; z)", 0.5, "marginal", -0.5), "row_label");
    }
  }

  /** Samples from q, as in earlier work, beside those from the mixture. */
  @Test
  void figuresA13AndA29DrawSamplesFromTheEncoder() throws Exception {
    try (Records records = open()) {
      assertDashesDiffer(drawn(records, "A13"), Map.of("", -10.0), "column_label");
      assertDashesDiffer(drawn(records, "A29"), Map.of("", -10.0), "column_label");
    }
  }

  /** Figure A28's splits: CV(14k/56k) of MNIST, CV(7k/63k) of Fashion-MNIST. */
  @Test
  void figures7AndA28HaveTheSameSplits() throws Exception {
    try (Records records = open()) {
      assertThat(labels(drawn(records, "7"), "column_label"))
          .contains("MNIST, CV (14k/56k)", "Fashion-MNIST, CV (7k/63k)")
          .doesNotContain("MNIST, CV (7k/63k)");
      assertThat(labels(drawn(records, "A28"), "row_label"))
          .contains("MNIST, CV (14k/56k)", "Fashion-MNIST, CV (7k/63k)");
    }
  }

  private static List<String> labels(QueryResult table, String column) {
    return IntStream.range(0, table.rows().size())
        .mapToObj(row -> String.valueOf(table.value(row, column)))
        .distinct()
        .toList();
  }

  /** Table A1: a CNN of 64 channels, kernel 4, stride 2, padding 3 at 28×28 and 1 elsewhere. */
  @Test
  void tableA1HasTheConvolutionsOfEachDataSet() throws Exception {
    try (Records records = open()) {
      QueryResult table = drawn(records, "table-A1");
      assertThat(cell(table, "Padding (CNN)", "Tetrominoes")).isEqualTo("1");
      assertThat(cell(table, "Padding (CNN)", "MNIST")).isEqualTo("(3)");
      assertThat(cell(table, "Padding (CNN)", "Fashion-MNIST")).isEqualTo("(3)");
      assertThat(cell(table, "Padding (CNN)", "3dShapes")).isEqualTo("(1)");
      assertThat(cell(table, "Kernel size (CNN)", "SmallNORB")).isEqualTo("(4)");
      assertThat(cell(table, "Stride (CNN)", "SmallNORB")).isEqualTo("(2)");
      assertThat(cell(table, "Channels (CNN)", "Tetrominoes")).isEqualTo("16");
      assertThat(cell(table, "Channels (CNN)", "MNIST")).isEqualTo("(16)");
      assertThat(cell(table, "Channels (CNN)", "Paper")).isEqualTo("64");
    }
    try (Records none = Records.open(Suite.of(STUDY), RecordStore.at(folder.resolve("none")))) {
      QueryResult table = drawn(none, "table-A1");
      assertThat(cell(table, "Channels (CNN)", "Tetrominoes")).isEqualTo("–");
    }
  }

  private static String cell(QueryResult table, String setting, String column) {
    return IntStream.range(0, table.rows().size())
        .filter(row -> setting.equals(table.value(row, "setting")))
        .filter(row -> column.equals(table.value(row, "column_label")))
        .mapToObj(row -> String.valueOf(table.value(row, "value")))
        .findFirst()
        .orElseThrow();
  }
}
