package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.figure.Figure;

/** The paper from data to report in its smoke profile: a few steps for each run. */
class PaperTest {
  @TempDir Path folder;

  @Test
  void theSmokeProfileRunsFromDataToReport() throws Exception {
    String results = folder.resolve("results").toString();
    Call paper = Call.of(SharedCache.folder(), "paper", "--profile", "smoke", "--results", results);
    Call status =
        Call.of(
            SharedCache.folder(),
            "status",
            "paper",
            "--profile",
            "smoke",
            "--results",
            results,
            "--json");
    assertThat(paper.code()).as("other data sets' runs are missing").isEqualTo(ExitCode.FAILED);
    assertThat(paper.err()).contains("35 runs are missing", "smallnorb", "mnist", "3dshapes");
    Path page = folder.resolve("results/paper-smoke/report.html");
    assertThat(paper.out()).endsWith("The report: %s%n".formatted(page));
    JsonNode found = new ObjectMapper().readTree(status.out());
    assertThat(found.get("troubles")).isEmpty();
    assertThat(found.get("finished").intValue()).isPositive();

    List<String> figures = Figure.names(Path.of("..", "studies", "paper", "figures"));
    assertThat(figures).hasSizeGreaterThan(40);
    for (String figure : figures) {
      for (String end : new String[] {"svg", "png", "csv"}) {
        Path file = page.resolveSibling("figures").resolve(figure + "." + end);
        assertThat(file).isNotEmptyFile();
      }
    }
    assertThat(Files.readString(page))
        .doesNotContain("class=\"problems\"")
        .contains("Rate-Regularization and Generalization in VAEs", "paper, profile smoke, ");
  }
}
