package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.Outcome;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Training;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The built-in figures and a user's own, drawn from generated records. */
class FigureTest {
  private static final int PANELS = 4;
  private static final int BETAS = Generated.SIX_BETAS.size();

  @TempDir static Path folder;
  private static final Study STUDY = Generated.small(3);
  private static Records records =
      Records.open(Suite.of(Generated.small(1)), RecordStore.at(Path.of("no such folder")));

  @BeforeAll
  static void write() throws IOException {
    records.close();
    RecordStore store = Generated.write(STUDY, RecordStore.at(folder.resolve("results")));
    store.write(Generated.ended(STUDY.runs().get(4), new Outcome.Diverged(12)));
    records = Records.open(Suite.of(STUDY), store);
  }

  @AfterAll
  static void close() {
    records.close();
  }

  private static final Map<String, DrawnFigure> DRAWN = new HashMap<>();

  private static DrawnFigure draw(String name) throws FigureException {
    return Figure.find(name, folder.resolve("figures")).draw(Suite.of(STUDY), records);
  }

  /** A built-in figure, drawn once for all tests. */
  private static DrawnFigure drawn(String name) throws FigureException {
    if (!DRAWN.containsKey(name)) {
      DRAWN.put(name, draw(name));
    }
    return Objects.requireNonNull(DRAWN.get(name));
  }

  private static List<Element> elements(String svg, String tag) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static List<String> texts(String svg) throws Exception {
    return elements(svg, "text").stream().map(Element::getTextContent).toList();
  }

  private static long paths(String svg, String attribute, String value) throws Exception {
    return elements(svg, "path").stream()
        .filter(e -> e.getAttribute(attribute).equals(value))
        .count();
  }

  @Test
  void rateDistortionHasDotsStarsLinesAndPictures() throws Exception {
    DrawnFigure figure = drawn("rate-distortion");
    assertThat(figure.remarks()).isEmpty();
    assertThat(texts(figure.svg()))
        .contains("CV (82k/82k)", "CV (8k/156k)", "1-layer MLP (256 units)")
        .contains("3-layer MLP (256 units)", "Rate (nats per example)", "train", "test", "0.001")
        .contains("Distortion (nats per example)", "β = 4", "β = 0.001", "β:");
    assertThat(elements(figure.svg(), "image")).hasSize(PANELS * (2 + BETAS));
    assertThat(elements(figure.svg(), "image"))
        .allMatch(e -> e.getAttribute("xlink:href").startsWith("data:image/png;base64,"))
        .allMatch(e -> Double.parseDouble(e.getAttribute("width")) > 10);
    assertThat(paths(figure.svg(), "fill", "white")).as("stars").isEqualTo(2 * PANELS);
    assertThat(paths(figure.svg(), "stroke-dasharray", "3,3"))
        .as("iso-ELBO lines")
        .isEqualTo(figure.table().rows().stream().filter(r -> r.contains("iso")).count() / 2);
    assertThat(figure.table().rows().stream().filter(r -> r.contains("point")).count())
        .isEqualTo(2L * PANELS * BETAS);
  }

  @Test
  void isoLinesJoinPointsOfEqualElbo() throws Exception {
    QueryResult table = drawn("rate-distortion").table();
    int lines = 0;
    for (int row = 0; row < table.rows().size(); row++) {
      if ("iso".equals(table.value(row, "kind"))) {
        double sum = number(table, row, "rate") + number(table, row, "distortion");
        assertThat(sum).isCloseTo(-number(table, row, "elbo"), within(1e-9));
        lines++;
      }
    }
    assertThat(lines / 2 / PANELS).isBetween(4, 14);
  }

  private static double number(QueryResult table, int row, String column) {
    return (Double) Objects.requireNonNull(table.value(row, column));
  }

  @Test
  void theCaptionNamesDataRunsAndExamples() throws Exception {
    assertThat(drawn("distortion-beta").caption())
        .contains("3 restarts each", "4,000 iterations of 64 examples", "on 2,000 test examples")
        .endsWith("72 runs: 1 diverged.");
  }

  @Test
  void everyBuiltInFigurePaintsEveryPanelInItsPng() throws Exception {
    for (String name : Figure.builtIn()) {
      DrawnFigure figure = drawn(name);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(figure.png()));
      boolean doubled = name.equals("training") || name.equals("learning-curves");
      int panels = doubled ? 2 * PANELS : PANELS;
      assertThat(colours(image, panels / 2)).as(name).allMatch(colours -> colours > 10);
      assertThat(image.getRGB(1, 1)).as("white ground").isEqualTo(0xFFFFFFFF);
    }
  }

  /** Number of colours in each cell of a grid of two columns and that number of rows. */
  private static List<Integer> colours(BufferedImage image, int rows) {
    List<Integer> counts = new ArrayList<>();
    for (int cell = 0; cell < 2 * rows; cell++) {
      int width = image.getWidth() / 2;
      int height = image.getHeight() / rows;
      Set<Integer> seen = new HashSet<>();
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          seen.add(image.getRGB(cell % 2 * width + x, cell / 2 * height + y));
        }
      }
      counts.add(seen.size());
    }
    return counts;
  }

  @Test
  void writesSvgPngAndCsv() throws Exception {
    DrawnFigure figure = drawn("distortion-beta");
    List<Path> files = figure.write(folder.resolve("drawn"));
    assertThat(files).hasSize(3).allMatch(Files::exists);
    String csv = Files.readString(folder.resolve("drawn/distortion-beta.csv"));
    assertThat(csv).isEqualTo(figure.csv().toCsv());
    assertThat(csv.lines().findFirst())
        .as("one tidy row for each point")
        .contains("split,architecture,curve,subset,beta,x,x_sd,y,y_sd,restarts");
    long points =
        figure.table().rows().stream()
            .filter(row -> "point".equals(row.get(figure.table().column("kind"))))
            .count();
    assertThat(points).isPositive();
    assertThat(csv.lines()).hasSize(1 + (int) points);
    assertThat(drawn("rate-distortion").csv().columns())
        .contains("rate", "distortion", "distortion_sd")
        .doesNotContain("kind", "level", "image");
  }

  private static Path own(String name, String query, String spec) throws IOException {
    Path own = folder.resolve("figures").resolve(name);
    Files.createDirectories(own);
    Files.writeString(own.resolve("query.sql"), query);
    Files.writeString(own.resolve("spec.vl.json"), spec);
    return own;
  }

  private static final String BARS =
      """
      {
        "description": "Finished runs by outcome.",
        "mark": "bar",
        "encoding": {
          "x": { "field": "outcome" },
          "y": { "field": "n", "type": "quantitative" }
        }
      }
      """;

  @Test
  void drawsAUsersFigure() throws Exception {
    own("counts", "select outcome, count(*) as n from runs group by all order by 1", BARS);
    DrawnFigure figure = draw("counts");
    assertThat(figure.title()).isEqualTo("counts");
    assertThat(figure.caption()).startsWith("Finished runs by outcome. Study generated");
    assertThat(texts(figure.svg())).contains("diverged", "finished");
    assertThat(figure.table().rows()).hasSize(2);
  }

  @Test
  void errorsNameFileAndLine() throws Exception {
    own("bad-sql", "select outcome\nform runs", BARS);
    assertThatThrownBy(() -> draw("bad-sql"))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("bad-sql/query.sql, line 2: ");
    own("bad-json", "select 1 as n", "{\n  \"mark\": \"bar\",\n  \"encoding\": {,\n}");
    assertThatThrownBy(() -> draw("bad-json"))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("bad-json/spec.vl.json, line 3: ");
    own("bad-field", "select 'x' as outcome, 1 as count", BARS);
    assertThatThrownBy(() -> draw("bad-field"))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("bad-field/spec.vl.json, line 6: field 'n'")
        .hasMessageContaining("outcome, count");
    own("bad-mark", "select 'x' as outcome, 1 as n", BARS.replace("\"bar\"", "\"barr\""));
    assertThatThrownBy(() -> draw("bad-mark"))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("bad-mark/spec.vl.json: ");
    own("own-data", "select 1 as n", "{\"data\": {\"values\": []}, \"mark\": \"bar\"}");
    assertThatThrownBy(() -> draw("own-data"))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("'data' is not allowed");
    assertThatThrownBy(() -> draw("no-such"))
        .isInstanceOf(FigureException.class)
        .hasMessageContaining("\"no-such\"")
        .hasMessageContaining(
            "gap, rate-distortion, excess-distortion, distortion-beta, information-beta, training, learning-curves, claim-effects, gap-split, rd-frontier");
  }

  @Test
  void showsAMessageWithoutRows() throws Exception {
    try (Records none = Records.open(Suite.of(STUDY), RecordStore.at(folder.resolve("empty")))) {
      for (String name : Figure.builtIn()) {
        DrawnFigure figure = Figure.find(name, folder).draw(Suite.of(STUDY), none);
        assertThat(texts(figure.svg())).anyMatch(text -> text.startsWith("Nothing to draw yet"));
        assertThat(texts(figure.svg()).stream().anyMatch(text -> text.contains("mutualInf")))
            .as("names the estimates that it needs")
            .isEqualTo(name.equals("information-beta"));
        assertThat(figure.caption()).endsWith("72 runs: 72 missing.");
      }
    }
  }

  @Test
  void drawsTheSameBytesAgain() throws Exception {
    DrawnFigure first = drawn("distortion-beta");
    assertThat(draw("distortion-beta").png()).isEqualTo(first.png());
  }

  @Test
  void drawsSingleRestartsAndASingleBeta() throws Exception {
    Study one = Generated.study("one", List.of("cv:0.5"), List.of(1), List.of(1.0), 1);
    RecordStore store = Generated.write(one, RecordStore.at(folder.resolve("one")));
    try (Records single = Records.open(Suite.of(one), store)) {
      for (String name : Figure.builtIn()) {
        DrawnFigure figure = Figure.find(name, folder).draw(Suite.of(one), single);
        assertThat(figure.svg()).as(name).doesNotContain("NaN").doesNotContain("Infinity");
        assertThat(figure.remarks()).as(name).isEmpty();
      }
    }
  }

  /** Two likelihoods, three families of objectives, two rules of stopping. */
  private static Study varied() {
    Study small = Generated.study("varied", List.of("cv:0.5"), List.of(1), List.of(1.0), 2);
    Training training = small.training();
    return new Study(
        small.name(),
        small.title(),
        small.data(),
        small.splits(),
        small.architectures(),
        small.latentSizes(),
        List.of(Likelihood.parse("bernoulli"), Likelihood.parse("gaussian:0.1")),
        List.of(Prior.normal()),
        List.of(
            Objective.beta(0.1),
            Objective.beta(1),
            Objective.marginalKl(0.1),
            Objective.marginalKl(1),
            new Objective(2, 0.1),
            new Objective(3, 0.1)),
        small.restarts(),
        small.seed(),
        List.of(training, training.stopping(Stopping.parse("patience:3"))),
        small.repeatDiverged(),
        small.evaluation(),
        small.figures(),
        List.of());
  }

  /**
   * Rows name other settings that differ, but not prior and latent size, which have their place.
   */
  @Test
  void priorsAreComparedWithinOtherSettings() throws Exception {
    List<Prior> two = List.of(Prior.normal(), Prior.parse("mixture:6"));
    List<Study> studies = new ArrayList<>();
    RecordStore store = RecordStore.at(folder.resolve("priors"));
    for (int iterations : List.of(4000, 9000)) {
      Study plain =
          Generated.study("of" + iterations, List.of("cv:0.5"), List.of(1), List.of(1.0), 1);
      Training training = new Training(iterations, 64, 1e-3, Precision.FLOAT32);
      studies.add(Generated.with(plain, two, List.of(training), Optional.empty()));
      Generated.write(studies.getLast(), store);
    }
    Suite suite = Suite.of("priors", "Priors", Optional.empty(), studies, List.of());
    try (Records several = Records.open(suite, store)) {
      assertThat(
              several.query("select distinct row_label from by_prior('chosen') order by 1").rows())
          .containsExactly(
              List.of("CV (82k/82k), 4,000 iterations"), List.of("CV (82k/82k), 9,000 iterations"));
    }
  }

  @Test
  void computesMeansOnlyOverRestarts() throws Exception {
    Study varied = varied();
    RecordStore store = Generated.write(varied, RecordStore.at(folder.resolve("varied")));
    try (Records several = Records.open(Suite.of(varied), store)) {
      DrawnFigure figure = Figure.find("rate-distortion", folder).draw(Suite.of(varied), several);
      QueryResult table = figure.table();
      List<Integer> points = new ArrayList<>();
      for (int row = 0; row < table.rows().size(); row++) {
        if ("point".equals(table.value(row, "kind"))) {
          points.add(row);
        }
      }
      assertThat(points).hasSize(2 * 2 * 6 * 2);
      assertThat(points).allMatch(row -> Long.valueOf(2).equals(table.value(row, "restarts")));
      assertThat(figure.table().toCsv())
          .contains("CV (82k/82k), Bernoulli, L_β, all iterations")
          .contains("CV (82k/82k), Gaussian (variance 0.1), L_KL, early stopping")
          .contains("L_MI,KL, βMI = 2, all iterations");
      assertThat(paths(figure.svg(), "fill", "white")).as("stars").isEqualTo(8);
      assertThat(several.query("select count(distinct row_label) from panels").rows())
          .containsExactly(List.of(2L * 2 * 4));
    }
  }
}
