package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * The paper's curve figures, drawn from a generated paper; their numbers compared with plain Java.
 */
class PaperFiguresTest {
  private static final Path FIGURES = Path.of("..", "studies", "paper", "figures");
  private static final Study STUDY = Generated.small(1);
  private static final List<MadeRun> RUNS = GeneratedPaper.runs(2);
  private static final Map<String, DrawnFigure> DRAWN = new HashMap<>();

  @TempDir static Path folder;
  private static Records records =
      Records.open(Suite.of(STUDY), RecordStore.at(Path.of("no such folder")));

  @BeforeAll
  static void open() throws Exception {
    records.close();
    records = GeneratedPaper.open(folder, RUNS, MadeNumbers.PAPER);
  }

  @AfterAll
  static void close() {
    records.close();
  }

  private static DrawnFigure drawn(String name) throws FigureException {
    if (!DRAWN.containsKey(name)) {
      DRAWN.put(name, Figure.read(FIGURES.resolve(name)).draw(Suite.of(STUDY), records));
    }
    return Objects.requireNonNull(DRAWN.get(name));
  }

  /** The figure, its number of panels, and a word in it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3        |  4 | CV (16k/147k)
          4        |  4 | Constant density
          5        |  2 | Checkerboard (82k/82k)
          6        |  2 | CNN, CV (16k/147k)
          7        |  4 | Fashion-MNIST, CV (7k/63k)
          8        |  2 | log N
          A9       |  2 | Test log p(x) (nats per example)
          A12      |  4 | Log marginal likelihood
          A13      |  8 | CD (16k/16k)
          A14      |  8 | ELBO (nats per example)
          A15      |  8 | Decoder
          A16      |  2 | L_MI
          A17      |  4 | early stopping
          A19      |  4 | Test − training distortion (nats)
          A20      | 20 | CV 75 %
          A21      |  4 | Nats per example
          A22      |  5 | 3 layers
          A23      |  2 | Gaussian (variance 0.1), CV (16k/147k)
          A24      | 16 | (b) Test: marginal KL
          A25      |  6 | 2 layers
          A26      | 16 | 57k
          A27      |  4 | Training images
          A28      |  6 | CV (14k/56k)
          A29      |  6 | Log p(x) (nats per example)
          A30      |  6 | 3dShapes
          A31      | 16 | small CV
          table-A1 |  1 | Latent space dimension
          """)
  void drawsEveryPanel(String name, int panels, String word) throws Exception {
    DrawnFigure figure = drawn(name);
    assertThat(figure.remarks()).isEmpty();
    assertThat(figure.svg())
        .contains(">" + word.replace("&", "&amp;") + "<")
        .doesNotContain("NaN", "Infinity", "undefined<");
    assertThat(count(figure.svg(), "class=\"background\" aria-hidden=\"true\" d=\"M0.5,0.5h"))
        .as("panels")
        .isEqualTo(name.startsWith("table") ? 0 : panels);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(figure.png()));
    assertThat(colours(image)).isGreaterThan(20);
    assertThat(borderIsBlank(image)).as("nothing is clipped").isTrue();
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }

  private static int colours(BufferedImage image) {
    Set<Integer> seen = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y += 3) {
      for (int x = 0; x < image.getWidth(); x += 3) {
        seen.add(image.getRGB(x, y));
      }
    }
    return seen.size();
  }

  private static boolean borderIsBlank(BufferedImage image) {
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y : new int[] {0, 1, image.getHeight() - 2, image.getHeight() - 1}) {
        if (image.getRGB(x, y) != 0xFFFFFFFF) {
          return false;
        }
      }
    }
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x : new int[] {0, 1, image.getWidth() - 2, image.getWidth() - 1}) {
        if (image.getRGB(x, y) != 0xFFFFFFFF) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void showsAMessageWithoutRuns() throws Exception {
    try (Records none = Records.open(Suite.of(STUDY), RecordStore.at(folder.resolve("nothing")))) {
      for (String name : DRAWN.keySet()) {
        if (!name.equals("table-A1")) {
          String sql = Files.readString(FIGURES.resolve(name).resolve("query.sql"));
          assertThat(none.query(sql).rows()).as(name).isEmpty();
        }
      }
    }
  }

  private static double mean(String name, String subset, Predicate<MadeRun> which) {
    return RUNS.stream()
        .filter(which)
        .map(MadeRun::id)
        .distinct()
        .map(id -> RUNS.stream().filter(run -> run.id().equals(id)).findFirst().orElseThrow())
        .mapToDouble(run -> MadeNumbers.PAPER.of(run, name, subset))
        .average()
        .orElseThrow();
  }

  private static double number(QueryResult table, int row, String column) {
    return ((Number) Objects.requireNonNull(table.value(row, column))).doubleValue();
  }

  /** The rows of a kind in which all these columns have these values. */
  private static List<Integer> rows(QueryResult table, String kind, Map<String, Object> where) {
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < table.rows().size(); row++) {
      int at = row;
      boolean match =
          kind.equals(table.value(row, "kind"))
              && where.entrySet().stream()
                  .allMatch(e -> e.getValue().equals(table.value(at, e.getKey())));
      if (match) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static int only(QueryResult table, Map<String, Object> where) {
    List<Integer> rows = rows(table, "point", where);
    assertThat(rows).as("rows with %s", where).hasSize(1);
    return rows.getFirst();
  }

  private static boolean is(MadeRun run, String study, String split, int layers, double weight) {
    return run.study().equals(study)
        && run.split().equals(split)
        && run.layers() == layers
        && run.weight() == weight;
  }

  @Test
  void figure3HasTheMeansOfTheDenseAndTheSparseSplit() throws Exception {
    QueryResult table = drawn("3").table();
    for (String split : List.of("CV (82k/82k)", "CV (16k/147k)")) {
      for (String subset : List.of("train", "test")) {
        int row =
            only(
                table,
                Map.of(
                    "row_label", split, "column_label", "3 layers", "subset", subset, "beta", 0.1));
        Predicate<MadeRun> which =
            run -> is(run, "rd", split.contains("16k") ? "cv:0.1" : "cv:0.5", 3, 0.1);
        assertThat(number(table, row, "distortion"))
            .isCloseTo(mean("distortion", subset, which), within(1e-9));
        assertThat(number(table, row, "rate")).isCloseTo(mean("rate", subset, which), within(1e-9));
        assertThat(table.value(row, "restarts")).isEqualTo(2L);
      }
    }
    assertThat(rows(table, "run", Map.of())).hasSize(2 * 2 * 2 * 6 * 2);
    assertThat(rows(table, "picture", Map.of())).hasSize(4 * (6 + 2 + 1));
  }

  @Test
  void onlyTheNamedStudiesRunsAreDrawn() throws Exception {
    QueryResult table = drawn("3").table();
    assertThat(table.toCsv()).doesNotContain("8k").doesNotContain("L_MI");
    assertThat(drawn("4").table().toCsv()).contains("8k").doesNotContain("82k");
  }

  @Test
  void figure4PicksFourSizesAndPairsThem() throws Exception {
    QueryResult table = drawn("4").table();
    Set<Object> sizes = new HashSet<>();
    for (int row : rows(table, "point", Map.of())) {
      sizes.add(Objects.requireNonNull(table.value(row, "colour_label")));
    }
    assertThat(sizes).containsExactlyInAnyOrder("8k", "16k", "33k", "57k");
    int row =
        only(
            table,
            Map.of(
                "row_label",
                "Constant density",
                "column_label",
                "1 layer",
                "colour_label",
                "8k",
                "beta",
                1.0));
    assertThat(number(table, row, "distortion"))
        .isCloseTo(
            mean("distortion", "test", run -> is(run, "sizes", "cd:0.1", 1, 1)), within(1e-9));
  }

  @Test
  void figure8HasTheCeilingAndTheTrainingSet() throws Exception {
    QueryResult table = drawn("8").table();
    int row =
        only(
            table,
            Map.of(
                "column_label",
                "Mutual information, CV (16k/147k)",
                "colour_label",
                "1 layer",
                "beta",
                3.0));
    assertThat(number(table, row, "y"))
        .isCloseTo(
            mean("mutualInformation", "train", run -> is(run, "rd", "cv:0.1", 1, 3) && run.isMlp()),
            within(1e-9));
    List<Integer> ceiling = rows(table, "ceiling", Map.of());
    assertThat(ceiling).hasSize(2);
    assertThat(number(table, ceiling.getFirst(), "y")).isCloseTo(Math.log(16384), within(1e-12));
  }

  @Test
  void figureA16SeparatesObjectives() throws Exception {
    QueryResult table = drawn("A16").table();
    int row =
        only(table, Map.of("column_label", "1 layer", "colour_label", "L_MI", "weight", 10.0));
    assertThat(number(table, row, "distortion"))
        .isCloseTo(
            mean(
                "distortion",
                "test",
                run -> run.objective().equals("mi") && run.layers() == 1 && run.weight() == 10),
            within(1e-9));
    assertThat(rows(table, "point", Map.of("colour_label", "L_KL"))).hasSize(2 * 6);
    assertThat(table.value(row, "beta")).as("no star").isNull();
  }

  /** The titles of a point's tooltip by field, and the columns of the CSV file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          A16 | weight       | weight          | weight
          A12 | weight       | training images | train_examples
          A12 | column_label | quantity        | quantity
          A14 | weight       | β               | beta
          """)
  void aColumnHasTheNameOfItsContent(String name, String field, String title, String column)
      throws Exception {
    DrawnFigure figure = drawn(name);
    List<String> titles = new ArrayList<>();
    JsonNode layers = new ObjectMapper().readTree(figure.spec()).at("/spec/layer");
    for (JsonNode entry : layers.findPath("tooltip")) {
      if (entry.path("field").asText().equals(field)) {
        titles.add(entry.path("title").asText());
      }
    }
    assertThat(titles).containsExactly(title);
    assertThat(figure.csv().columns()).contains(column);
    assertThat(figure.csv().columns().contains("beta")).isEqualTo(column.equals("beta"));
  }

  /** The report emphasises the entry of a legend by its text. */
  @Test
  void figureA9NamesWidthsByText() throws Exception {
    QueryResult table = drawn("A9").table();
    Set<Object> widths = new HashSet<>();
    for (int row : rows(table, "lm-point", Map.of())) {
      widths.add(Objects.requireNonNull(table.value(row, "weight_label")));
    }
    assertThat(widths).containsExactlyInAnyOrder("128", "256", "512");
  }

  @Test
  void figureA15SeparatesWidths(@TempDir Path other) throws Exception {
    List<MadeRun> two =
        GeneratedPaper.runs(1).stream()
            .filter(run -> run.study().equals("rd") && run.is("cv:0.1"))
            .flatMap(run -> Stream.of(run, run.width(64)))
            .toList();
    try (Records some = GeneratedPaper.open(other, two, MadeNumbers.PAPER)) {
      QueryResult table = Figure.read(FIGURES.resolve("A15")).draw(Suite.of(STUDY), some).table();
      for (String units : List.of("64", "256")) {
        assertThat(
                rows(table, "point", Map.of("column_label", "MLP, 1 layer, " + units + " units")))
            .hasSize(2 * GeneratedPaper.BETAS.size());
      }
    }
  }

  @Test
  void figureA17SeparatesRulesOfStopping() throws Exception {
    QueryResult table = drawn("A17").table();
    int row =
        only(
            table,
            Map.of(
                "row_label",
                "CV (16k/147k)",
                "column_label",
                "CNN",
                "colour_label",
                "1 layer",
                "dash_label",
                "early stopping",
                "beta",
                0.001));
    assertThat(number(table, row, "distortion"))
        .isCloseTo(
            mean(
                "distortion",
                "test",
                run ->
                    is(run, "stopping", "cv:0.1", 1, 0.001)
                        && run.family().equals("cnn")
                        && !run.stopping().equals("never")),
            within(1e-9));
  }

  @Test
  void figureA19HasTheGapOfEachRun() throws Exception {
    QueryResult table = drawn("A19").table();
    Map<String, Object> where =
        Map.of(
            "row_label",
            "CNN",
            "column_label",
            "CV (16k/147k)",
            "colour_label",
            "3 layers",
            "beta",
            0.3);
    Predicate<MadeRun> which =
        run -> is(run, "cnn", "cv:0.1", 3, 0.3) && run.family().equals("cnn");
    assertThat(number(table, only(table, where), "y"))
        .isCloseTo(
            mean("distortion", "test", which) - mean("distortion", "train", which), within(1e-9));
  }

  @Test
  void figureA21HasMeansAndTheirPlaces() throws Exception {
    QueryResult table = drawn("A21").table();
    double least = Double.POSITIVE_INFINITY;
    for (int row = 0; row < table.rows().size(); row++) {
      if ("Distortion".equals(table.value(row, "quantity"))) {
        least = Math.min(least, number(table, row, "value"));
        if (number(table, row, "share") == 0) {
          assertThat(number(table, row, "value"))
              .isCloseTo(
                  mean("distortion", "test", run -> is(run, "rd", "cv:0.5", 3, 0.001)),
                  within(1e-9));
        }
      }
    }
    assertThat(least)
        .isCloseTo(
            mean("distortion", "test", run -> is(run, "rd", "cv:0.5", 3, 0.001)), within(1e-9));
  }

  @Test
  void axesOfOneFrameAreEqualAndOfOthersAreNot() throws Exception {
    QueryResult table = drawn("A23").table();
    List<Integer> bernoulli = rows(table, "bounds", Map.of("frame", "bernoulli"));
    List<Integer> gaussian = rows(table, "bounds", Map.of("frame", "gaussian:0.1"));
    assertThat(number(table, bernoulli.getFirst(), "distortion")).isPositive();
    assertThat(number(table, gaussian.getLast(), "distortion")).isNegative();
    QueryResult shared = drawn("A31").table();
    Set<Object> lows = new HashSet<>();
    for (int row : rows(shared, "bounds", Map.of("frame", "mnist"))) {
      lows.add(number(shared, row, "rate"));
    }
    assertThat(lows).hasSize(2);
  }

  @Test
  void restartsCanBeShownOneByOne() throws Exception {
    DrawnFigure figure = drawn("6");
    String switched =
        figure
            .spec()
            .replace(
                "{\"name\":\"restarts\",\"value\":false}",
                "{\"name\":\"restarts\",\"value\":true}");
    assertThat(switched).isNotEqualTo(figure.spec());
    String svg = Vega.instance().svg(switched, Spec.theme("light").toString()).svg();
    int runs = rows(figure.table(), "run", Map.of()).size();
    assertThat(
            count(svg, "aria-roledescription=\"circle\"")
                - count(figure.svg(), "aria-roledescription=\"circle\""))
        .isEqualTo(runs - rows(figure.table(), "point", Map.of()).size());
    assertThat(count(svg, "aria-roledescription=\"line mark\""))
        .isGreaterThan(count(figure.svg(), "aria-roledescription=\"line mark\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "5", "A22", "A25"})
  void drawsASingleStudy(String name) throws Exception {
    Study plain = Generated.small(2);
    RecordStore store = Generated.write(plain, RecordStore.at(folder.resolve("plain")));
    try (Records few = Records.open(Suite.of(plain), store)) {
      String sql = Files.readString(FIGURES.resolve(name).resolve("query.sql"));
      QueryResult table = few.query(sql);
      int row = rows(table, "point", Map.of("subset", "test", "beta", 0.1)).getFirst();
      assertThat(table.value(row, "restarts")).isEqualTo(2L);
      assertThat(rows(table, "point", Map.of("subset", "test", "beta", 0.1)))
          .hasSize(name.equals("A22") ? 8 : 4);
    }
  }
}
