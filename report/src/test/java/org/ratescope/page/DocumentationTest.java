package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Figure;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordStore;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** The examples and statements of docs/figures.md are correct. */
class DocumentationTest {
  private static final Path PAGE = Path.of("..", "docs", "figures.md");

  /** The n-th block of a language, from 0. */
  private static String block(String page, String language, int n) {
    Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
    for (int i = 0; i <= n; i++) {
      assertThat(block.find()).isTrue();
    }
    return block.group(1);
  }

  @Test
  void theExampleFigureIsDrawn(@TempDir Path folder) throws Exception {
    String page = Files.readString(PAGE);
    Path gap = Files.createDirectories(folder.resolve("figures/my-gap"));
    Files.writeString(gap.resolve("query.sql"), block(page, "sql", 0));
    Files.writeString(gap.resolve("spec.vl.json"), block(page, "json", 0));
    Study study = Generated.small(2);
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    try (Records records = Records.open(Suite.of(study), store)) {
      DrawnFigure figure =
          Figure.find("my-gap", folder.resolve("figures")).draw(Suite.of(study), records);
      assertThat(figure.title()).isEqualTo("Test minus training distortion");
      assertThat(figure.svg()).contains("Gap (nats per example)");
      assertThat(figure.table().rows()).hasSize(4 * Generated.SIX_BETAS.size());
      assertThat(figure.remarks()).isEmpty();
    }
  }

  @Test
  void theExampleOfMacrosAndABaseIsDrawn(@TempDir Path folder) throws Exception {
    String page = Files.readString(PAGE);
    Path own = Files.createDirectories(folder.resolve("figures/compared"));
    Files.writeString(own.resolve("query.sql"), block(page, "sql", 1));
    Files.writeString(own.resolve("spec.vl.json"), block(page, "json", 1));
    Study study = Generated.small(2);
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    try (Records records = Records.open(Suite.of(study), store)) {
      DrawnFigure figure =
          Figure.find("compared", folder.resolve("figures")).draw(Suite.of(study), records);
      assertThat(figure.title()).isEqualTo("Architectures compared");
      assertThat(figure.remarks()).isEmpty();
      assertThat(figure.svg()).contains("CV (82k/82k)", "3-layer MLP (256 units)", "h260v200");
    }
  }

  @Test
  void everyColumnIsDocumented(@TempDir Path folder) throws Exception {
    String page = Files.readString(PAGE);
    try (Records records = Records.open(Suite.of(Generated.small(1)), RecordStore.at(folder))) {
      for (String table :
          List.of(
              "runs",
              "estimates",
              "trace",
              "pictures",
              "results",
              "panels",
              "split_roles",
              "splits",
              "split_points",
              "neighbour_summary",
              "neighbour_distances",
              "sensitivity",
              "data_pictures",
              "examples",
              "example_pictures",
              "latent_plane",
              "latent_codes")) {
        QueryResult empty = records.query("select * from " + table + " limit 0");
        assertThat(empty.columns()).allMatch(column -> page.contains("`" + column + "`"));
      }
    }
  }

  @Test
  void everyBuiltInFigureIsNamed() throws Exception {
    assertThat(Files.readString(PAGE)).contains(Figure.builtIn());
  }
}
