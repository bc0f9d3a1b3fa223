package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Samples, reconstructions, traversals and interpolations, drawn from generated sheets. */
class GalleryFiguresTest {
  private static final int PANELS = 4;

  @TempDir static Path folder;
  private static final Study STUDY = Generated.small(2);
  private static Records records =
      Records.open(Suite.of(Generated.small(1)), RecordStore.at(Path.of("no such folder")));

  @BeforeAll
  static void write() throws IOException {
    records.close();
    RecordStore store = Generated.write(STUDY, RecordStore.at(folder.resolve("results")));
    for (RunSpec run : STUDY.runs()) {
      store.write(run.id(), GeneratedDetails.gallery(run));
    }
    records = Records.open(Suite.of(STUDY), store);
  }

  @AfterAll
  static void close() {
    records.close();
  }

  private static DrawnFigure drawn(String name) throws FigureException {
    return Figure.find(name, folder.resolve("figures")).draw(Suite.of(STUDY), records);
  }

  private static List<Object> column(QueryResult table, String column) {
    return IntStream.range(0, table.rows().size())
        .<Object>mapToObj(row -> Objects.requireNonNullElse(table.value(row, column), "none"))
        .toList();
  }

  @Test
  void samplesHaveALineForEachBetaOfTheFirstRestart() throws Exception {
    DrawnFigure figure = drawn("samples");
    assertThat(figure.remarks()).isEmpty();
    QueryResult table = figure.table();
    assertThat(table.rows()).hasSize(PANELS * Generated.SIX_BETAS.size());
    assertThat(column(table, "seed")).containsOnly(STUDY.seed());
    assertThat(column(table, "line_label")).contains("0.001", "0.1", "1", "4");
    assertThat(images(figure)).isEqualTo(PANELS * Generated.SIX_BETAS.size());
    assertThat(figure.csv().columns())
        .containsExactly("split", "architecture", "sheet", "beta", "run", "about");
  }

  @Test
  void reconstructionsAreBelowTheirTestImages() throws Exception {
    DrawnFigure figure = drawn("reconstructions");
    List<Object> lines = column(figure.table(), "line_label");
    assertThat(lines.getFirst()).isEqualTo("test images");
    assertThat(lines).filteredOn("test images"::equals).hasSize(PANELS);
    assertThat(images(figure)).isEqualTo(PANELS * (1 + Generated.SIX_BETAS.size()));
  }

  /** The smallest β, the one nearest to 1, and the largest: 0.001, 1 and 4. */
  @Test
  void traversalsAndInterpolationsPictureThreeBetas() throws Exception {
    for (String name : List.of("traversals", "interpolations")) {
      DrawnFigure figure = drawn(name);
      assertThat(figure.table().rows()).hasSize(PANELS * Generated.SIX_BETAS.size());
      assertThat(images(figure)).isEqualTo(PANELS * 3);
      QueryResult table = figure.table();
      for (int row = 0; row < table.rows().size(); row++) {
        boolean picked = List.of(0.001, 1.0, 4.0).contains(table.value(row, "weight"));
        assertThat(table.value(row, "picked")).isEqualTo(picked);
      }
    }
  }

  private static int images(DrawnFigure figure) {
    return figure.svg().split("<image", -1).length - 1;
  }

  @Test
  void withoutTheDetailTheMessageSaysHowToGetIt() throws Exception {
    try (Records none = Records.open(Suite.of(STUDY), RecordStore.at(folder.resolve("empty")))) {
      DrawnFigure figure = Figure.find("samples", folder).draw(Suite.of(STUDY), none);
      assertThat(figure.svg())
          .contains("Add gallery to the 'details' of the study's 'evaluation',");
    }
  }

  @Test
  void idsInADrawingDoNotDependOnEarlierDrawings() throws Exception {
    String first = drawn("distortion-beta").svg();
    assertThat(first).contains("clip1");
    assertThat(drawn("distortion-beta").svg()).isEqualTo(first);
  }
}
