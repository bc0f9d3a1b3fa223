package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.TableA2;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** The paper's figures about data, images and single examples, drawn from generated records. */
class DetailFiguresTest {
  private static final Path FIGURES = Path.of("..", "studies", "paper", "figures");
  private static final Study STUDY = GeneratedDetails.study();

  private static final Map<String, DrawnFigure> DRAWN = new HashMap<>();

  @TempDir static Path folder;
  private static Records records =
      Records.open(Suite.of(STUDY), RecordStore.at(Path.of("no such folder")));

  @BeforeAll
  static void write() throws Exception {
    records.close();
    RecordStore store = GeneratedDetails.write(STUDY, RecordStore.at(folder));
    for (RunSpec run : STUDY.runs()) {
      store.write(run.id(), GeneratedDetails.plane());
    }
    records = Records.open(Suite.of(STUDY), store);
    // Stand-ins for data sets that these records do not have: a class left out, and another set's
    // distances.
    QueryResult unused =
        records.query(
            "update runs set \"data\" = 'mnist', split = 'heldout:9', split_label = 'Without 9'"
                + " where split = 'cv:0.1'");
    unused =
        records.query(
            "insert into neighbour_summary select 'mnist', split, train, test, mean,"
                + " standard_error, p10, p50, p90, normaliser, examples, ratio from"
                + " neighbour_summary where split in ('default', 'cv:0.1')");
    unused =
        records.query(
            "insert into neighbour_distances select 'mnist', split, bin_low, bin_high, \"count\""
                + " from neighbour_distances where split in ('default', 'cv:0.1')");
  }

  @AfterAll
  static void close() {
    records.close();
  }

  /** A figure, drawn once for all tests. */
  private static DrawnFigure draw(String name) throws FigureException {
    if (!DRAWN.containsKey(name)) {
      DRAWN.put(name, Figure.find(name, FIGURES).draw(Suite.of(STUDY), records));
    }
    return Objects.requireNonNull(DRAWN.get(name));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 119, ''",
    "2, 0, Constant volume (CV)",
    "A1, 0, Checkerboard",
    "A2, 30, CV (8k/156k)",
    "A3, 30, original",
    "A4, 0, angle",
    "A5, 96, reconstruction",
    "A6, 0, Cross-entropy of image and reconstruction (nats)",
    "A7, 5, weighted mean",
    "A8, 0, Inference marginal q(z)",
    "A10, 54, largest weight",
    "A11, 0, 3-layer MLP (256 units)",
    "A18, 0, MNIST",
    "table-A2, 0, 'CV 8k/157k'"
  })
  void everyFigureIsDrawn(String name, int images, String text) throws Exception {
    DrawnFigure figure = draw(name);
    assertThat(figure.remarks()).isEmpty();
    assertThat(figure.table().rows()).isNotEmpty();
    assertThat(Pattern.compile("<image ").matcher(figure.svg()).results().count())
        .isEqualTo(images);
    assertThat(figure.svg()).contains(text).doesNotContain("NaN", "Infinity", "undefined");
    BufferedImage png = ImageIO.read(new ByteArrayInputStream(figure.png()));
    long colours =
        IntStream.range(0, png.getWidth() * png.getHeight())
            .map(i -> png.getRGB(i % png.getWidth(), i / png.getWidth()))
            .distinct()
            .count();
    assertThat(colours).as("colours").isGreaterThan(20);
    assertThat(png.getWidth()).isBetween(400, 2000);
  }

  @Test
  void captionsOfDataFiguresDoNotMentionTraining() throws Exception {
    for (String name : List.of("1", "2", "A1", "A2", "A3", "A4", "A18", "table-A2")) {
      assertThat(draw(name).caption())
          .as(name)
          .doesNotContain("iterations", "restart", "Estimated", "runs, ");
    }
    assertThat(draw("A10").caption()).contains("iterations", "restart");
  }

  @ParameterizedTest
  @CsvSource({
    "1",
    "2",
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "A6",
    "A7",
    "A8",
    "A10",
    "A11",
    "A18",
    "table-A2"
  })
  void aFigureWithoutRecordsShowsAMessage(String name, @TempDir Path empty) throws Exception {
    try (Records none = Records.open(Suite.of(Generated.small(1)), RecordStore.at(empty))) {
      DrawnFigure figure = Figure.find(name, FIGURES).draw(Suite.of(Generated.small(1)), none);
      assertThat(figure.table().rows()).isEmpty();
      assertThat(figure.svg()).contains("Nothing to draw yet");
    }
  }

  /**
   * Each spec has its number, its title and its studies, and its narrow form names existing places.
   */
  @ParameterizedTest
  @CsvSource({
    "1",
    "2",
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "A6",
    "A7",
    "A8",
    "A10",
    "A11",
    "A18",
    "table-A2"
  })
  void specsHaveNumberTitleAndStudies(String name) throws Exception {
    var spec =
        new ObjectMapper()
            .readTree(Files.readString(FIGURES.resolve(name).resolve("spec.vl.json")));
    var meta = spec.at("/usermeta/ratescope");
    assertThat(meta.path("number").asText()).isEqualTo(name.replace("table-", "Table "));
    assertThat(meta.path("title").asText()).isNotEmpty();
    assertThat(meta.path("studies")).isNotEmpty();
    for (var entry : meta.path("narrow").properties()) {
      String pointer = entry.getKey();
      if (!pointer.startsWith("/config")) {
        assertThat(spec.at(pointer).isMissingNode()).as(pointer).isFalse();
      }
    }
  }

  private static double number(QueryResult table, int row, String column) {
    return ((Number) Objects.requireNonNull(table.value(row, column))).doubleValue();
  }

  @Test
  void densitiesAddUpToOne() throws Exception {
    QueryResult a1 = draw("A1").table();
    double width = 2 * Math.sqrt(768) / 256;
    for (TableA2 split : TableA2.ROWS) {
      double sum = 0;
      for (int row = 0; row < a1.rows().size(); row++) {
        boolean own =
            "bin".equals(a1.value(row, "kind")) && number(a1, row, "train") == split.train();
        sum += own ? number(a1, row, "density") * width : 0;
      }
      boolean drawn = List.of(8193, 16384, 81920, 16405, 82021).contains(split.train());
      assertThat(sum).as(split.name()).isCloseTo(drawn ? 1 : 0, within(1e-9));
    }
  }

  @Test
  void tableA2HasBothSizesOfEveryRow() throws Exception {
    QueryResult table = draw("table-A2").table();
    assertThat(table.rows()).hasSize(4 * 16);
    for (int row = 0; row < table.rows().size(); row++) {
      TableA2 expected = TableA2.ROWS.get((int) number(table, row, "place"));
      assertThat(table.value(row, "name")).isEqualTo(expected.name());
      assertThat((int) number(table, row, "count"))
          .isEqualTo(
              "Test".equals(table.value(row, "subset")) ? expected.test() : expected.train());
      assertThat(table.value(row, "difference")).isIn(null, 0L);
    }
  }

  /** A size that is not the paper's is marked. */
  @Test
  void tableA2MarksADifference() throws Exception {
    try (Records others = Records.open(Suite.of(STUDY), RecordStore.at(folder))) {
      QueryResult unused = others.query("select count(*) from splits");
      unused = others.query("update splits set train = train + 7 where split = 'default'");
      DrawnFigure figure = Figure.find("table-A2", FIGURES).draw(Suite.of(STUDY), others);
      assertThat(figure.svg()).contains(">+7<");
    }
  }

  @Test
  void medianOfAViolinIsThatOfItsQuarter() throws Exception {
    QueryResult table = draw("A11").table();
    List<Double> quarter =
        STUDY.runs().stream()
            .filter(
                run ->
                    run.split().text().equals("checkerboard") && run.architecture().layers() == 3)
            .flatMap(run -> hardestQuarter(GeneratedDetails.examples(run)).stream())
            .sorted()
            .toList();
    assertThat(quarter).hasSize(2 * GeneratedDetails.EXAMPLES / 4);
    double median = (quarter.get(quarter.size() / 2 - 1) + quarter.get(quarter.size() / 2)) / 2;
    int found = 0;
    for (int row = 0; row < table.rows().size(); row++) {
      if ("median".equals(table.value(row, "kind"))
          && "Checkerboard (82k/82k)".equals(table.value(row, "split_label"))
          && number(table, row, "layers") == 3
          && number(table, row, "bin") == 3
          && "reconstruction to weighted mean".equals(table.value(row, "quantity"))) {
        assertThat(number(table, row, "value")).isCloseTo(median, within(1e-12));
        found++;
      }
    }
    assertThat(found).isEqualTo(1);
  }

  private static List<Double> hardestQuarter(ExampleDetails details) {
    return details.examples().stream()
        .sorted((a, b) -> Double.compare(b.neighbourDistance(), a.neighbourDistance()))
        .limit(GeneratedDetails.EXAMPLES / 4)
        .map(ExampleDetails.Example::reconstructionToMu)
        .toList();
  }

  @Test
  void shareNearerToMemoryIsCounted() throws Exception {
    assertThat(draw("A6").svg())
        .contains("1-layer MLP (256 units), 0 % nearer to the weighted mean")
        .contains("3-layer MLP (256 units), 100 % nearer to the weighted mean");
  }

  /** Four quarters minus a cross of the width of six cells: (120 − 6)² of 120² cells. */
  @Test
  void shareOfTheLatentPlaneIsCounted() throws Exception {
    DrawnFigure figure = draw("A8");
    assertThat(figure.svg()).contains("above 0.99 over 90 % of the region");
    double area = 0;
    for (int row = 0; row < figure.table().rows().size(); row++) {
      if ("weight".equals(figure.table().value(row, "kind"))
          && figure.table().value(row, "heaviest") != null) {
        area += (number(figure.table(), row, "x2") - number(figure.table(), row, "x")) * 6 / 120;
      }
    }
    assertThat(area / 36).isCloseTo(Math.pow(114 / 120.0, 2), within(1e-9));
  }
}
