package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.DrawnFigure;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Prior;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

class ReportTest {
  private static Study titled(String title, List<String> figures) {
    return titled(Generated.small(2), title, figures);
  }

  static Study titled(Study s, String title, List<String> figures) {
    return new Study(
        s.name(),
        title,
        s.data(),
        s.splits(),
        s.architectures(),
        s.latentSizes(),
        s.likelihoods(),
        List.of(Prior.normal()),
        s.objectives(),
        s.restarts(),
        s.seed(),
        s.trainings(),
        s.repeatDiverged(),
        s.evaluation(),
        figures,
        List.of());
  }

  @Test
  void writesOnePageThatNeedsNothingElse(@TempDir Path folder) throws Exception {
    Study study = titled("A <b>bold</b> & $1 {{data}} </script> title", List.of("distortion-beta"));
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    Files.writeString(store.recordFile(study.runs().getFirst().id()), "damaged");
    Report report;
    try (Records records = Records.open(Suite.of(study), store)) {
      report =
          Report.write(
              Suite.of(study),
              records,
              folder.resolve("figures"),
              folder.resolve("out"),
              List.of());
    }
    String html = Files.readString(report.page());
    assertThat(html)
        .contains("A &lt;b&gt;bold&lt;/b&gt; &amp; $1 {{data}} &lt;/script&gt; title")
        .contains(report.findings().sentences().getFirst().replace("<", "&lt;"))
        .contains(
            "download=\"distortion-beta.svg\" href=\"data:image/svg+xml;base64,",
            "download=\"gap.png\" href=\"data:image/png;base64,",
            "download=\"gap.csv\" href=\"data:text/csv;base64,")
        .contains("Written by Ratescope ", "AISTATS 2021")
        .contains("<p class=\"answer\">It depends: ")
        .contains("<th scope=\"row\">Iterations</th><td>4,000</td>")
        .contains("<th scope=\"row\">Batch</th><td>64</td>")
        .contains("<th scope=\"row\">Learning rate</th><td>0.001</td>")
        .contains("<th scope=\"row\">Precision</th><td>float32</td>")
        .contains("tetrominoes:preset=published,shape=J,resolution=16")
        .contains("2.10.0")
        .doesNotContain("src=\"http", "href=\"http", "@import");
    assertThat(html.split("</script>", -1))
        .as(
            "closed scripts: Vega's three, themes, fields, runs, estimates, pictures, two figures,"
                + " the page's two")
        .hasSize(1 + 12);
    assertThat(report.problems()).hasSize(1);
    assertThat(html).contains(study.runs().getFirst().id().hex() + ".json: not a record");
    for (String end : List.of("svg", "png", "csv")) {
      assertThat(folder.resolve("out/figures/distortion-beta." + end)).isNotEmptyFile();
    }
  }

  /** The picture beside the answer has six colours. */
  @Test
  void sevenModelsHaveNoPicture(@TempDir Path folder) throws Exception {
    for (List<Integer> depths : List.of(List.of(1, 2, 3, 4, 5, 6), List.of(1, 2, 3, 4, 5, 6, 7))) {
      List<String> splits = List.of("cv:0.5");
      Study grid = Generated.study("models", splits, depths, List.of(0.1, 1.0), 2);
      Study study = titled(grid, "Models", List.of());
      Path place = folder.resolve("models" + depths.size());
      RecordStore store = Generated.write(study, RecordStore.at(place.resolve("results")));
      try (Records records = Records.open(Suite.of(study), store)) {
        Report report = Report.write(Suite.of(study), records, place, place, List.of());
        assertThat(report.answer().comparisons()).hasSize(depths.size());
        assertThat(report.figures())
            .extracting(DrawnFigure::name)
            .isEqualTo(depths.size() == 6 ? List.of("gap") : List.of());
      }
    }
  }

  @Test
  void aFigureThatCannotBeDrawnIsNamedAndTheOthersAreDrawn(@TempDir Path folder) throws Exception {
    Study study = titled("Two figures", List.of("mine", "distortion-beta"));
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    Path mine = Files.createDirectories(folder.resolve("figures/mine"));
    Files.writeString(mine.resolve("query.sql"), "select nothing from nowhere");
    Files.writeString(mine.resolve("spec.vl.json"), "{\"mark\": \"point\"}");
    try (Records records = Records.open(Suite.of(study), store)) {
      Report report =
          Report.write(
              Suite.of(study),
              records,
              folder.resolve("figures"),
              folder.resolve("out"),
              List.of());
      assertThat(report.figures())
          .extracting(DrawnFigure::name)
          .containsExactly("gap", "distortion-beta");
      assertThat(report.problems()).hasSize(1);
      assertThat(report.problems().getFirst()).startsWith("figure mine: ").contains("query.sql");
      assertThat(Files.readString(report.page())).contains("figure mine: ");
    }
  }
}
