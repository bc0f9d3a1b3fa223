package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.claim.Claims;
import org.ratescope.claim.ClaimsTable;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.Records;
import org.ratescope.study.Suite;

/** The report of a suite with forty figures, on disk and in a headless Chromium. */
@Tag("browser")
class SuiteReportTest {
  private static final int FIGURES = 40;

  /** Mean distortion by β, or with the parameter each single run. */
  private static final String QUERY =
      """
      select 'mean' as kind, split_label, beta, avg(distortion) as distortion, null as seed
      from results_of(['dense', 'sparse']) where subset = 'test' group by all
      union all
      select 'run', split_label, beta, distortion, seed from results_of(['dense', 'sparse']) where subset = 'test'
      """;

  private static String spec(String number, int name) {
    return """
    {
      "description": "Test distortion.",
      "usermeta": { "ratescope": { "number": "%s", "title": "Distortion %s", "studies": ["dense", "sparse"], "narrow": { "/width": 200 } } },
      "width": 420, "height": 160,
      "params": [{ "name": "restarts", "value": false }],
      "transform": [{ "filter": "restarts === (datum.kind === 'run')" }],
      "mark": "point",
      "encoding": {
        "x": { "field": "beta", "type": "quantitative", "scale": { "type": "log" }, "title": "β" },
        "y": { "field": "distortion", "type": "quantitative", "title": "Distortion (nats per example)" },
        "color": { "field": "split_label", "type": "nominal", "title": null }
      }
    }
    """
        .formatted(number, name);
  }

  @TempDir static Path folder;
  private static Suite suite = suite();
  private static Path page = Path.of("");

  private static Suite suite() {
    return Suite.of(
        "forty",
        "Forty figures",
        Optional.of("mini"),
        List.of(
            Generated.study("dense", List.of("cv:0.5"), List.of(1, 3), Generated.PAPER_BETAS, 3),
            Generated.study("sparse", List.of("cv:0.05"), List.of(1, 3), Generated.PAPER_BETAS, 3),
            Generated.study(
                "both", List.of("cv:0.5", "cv:0.05"), List.of(1), Generated.PAPER_BETAS, 3)),
        List.of("other"));
  }

  @BeforeAll
  static void writeReport() throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    for (RunSpec run : suite.runs()) {
      store.write(Generated.finished(run));
    }
    Files.delete(store.recordFile(suite.runs().getFirst().id()));
    for (int i = 1; i <= FIGURES; i++) {
      String number = i <= 8 ? "" + i : i <= 38 ? "A" + (i - 8) : "Table A" + (i - 38);
      Path own = Files.createDirectories(folder.resolve("figures").resolve("f" + i));
      Files.writeString(own.resolve("query.sql"), QUERY);
      Files.writeString(own.resolve("spec.vl.json"), spec(number, i));
    }
    try (Records records = Records.open(suite, store)) {
      Section claims = new Section("claims", "Claims", ClaimsTable.html(Claims.judge(records)));
      Report report =
          Report.write(
              suite, records, folder.resolve("figures"), folder.resolve("out"), List.of(claims));
      assertThat(report.problems()).isEmpty();
      assertThat(report.figures()).hasSize(1 + FIGURES);
      assertThat(report.figures().getFirst().name()).as("that of the answer").isEqualTo("gap");
      page = report.page();
    }
  }

  private static Browser open(Path profile) throws Exception {
    Path executable = Browser.find();
    assumeTrue(executable != null, "skipped: this machine has no Chromium");
    return Browser.open(Objects.requireNonNull(executable), profile, page);
  }

  @Test
  void figuresAreInTheOrderOfTheirNumbers() throws Exception {
    String html = Files.readString(page);
    assertThat(html)
        .contains("<h3>Figure 2. Distortion 2</h3>", "<h3>Table A2. Distortion 40</h3>");
    assertThat(html.indexOf("<h3>Figure 2.")).isLessThan(html.indexOf("<h3>Figure A1."));
    assertThat(html.indexOf("<h3>Figure A9.")).isLessThan(html.indexOf("<h3>Figure A10."));
    assertThat(html.indexOf("<h3>Figure A30.")).isLessThan(html.indexOf("<h3>Table A1."));
    assertThat(html)
        .contains("forty, profile mini, Tetrominoes (16×16)")
        .contains("Suite forty, profile mini, dense, sparse on tetrominoes:")
        .contains("144 runs: 1 missing.")
        .contains("<section id=\"claims\">", "<li><a href=\"#claims\">Claims</a></li>")
        .doesNotContain("visible above the restart spread");
  }

  @Test
  void opensFastAndDrawsVisibleFigures(@TempDir Path profile) throws Exception {
    try (Browser browser = open(profile)) {
      browser.show(1280, "light");
      browser.await("typeof charts !== 'undefined'");
      assertThat(browser.evaluate("charts.filter(c => c.dataset.drawn).length").asInt())
          .as("the answer's picture, while only answer and claims are in sight")
          .isEqualTo(1);
      browser.evaluate("document.getElementById('figure-f1').scrollIntoView()");
      browser.await("charts.filter(c => c.dataset.drawn).length > 1");
      JsonNode drawn = browser.evaluate("charts.filter(c => c.dataset.drawn).length");
      assertThat(drawn.asInt()).as("figures drawn at first").isLessThan(12);
      assertThat(browser.processorSeconds()).as("the page's processor time").isLessThan(2);
      assertThat(browser.evaluate("document.querySelectorAll('*').length").asInt())
          .isLessThan(4000);
      assertThat(Files.size(page)).isLessThan(8_000_000);
    }
  }

  @Test
  void paintsEveryFigureAndSwitchesToRestarts(@TempDir Path profile) throws Exception {
    String marks =
        "[...document.querySelectorAll('[id^=figure-f] .chart svg')].map(s => s.querySelectorAll('.role-mark"
            + " path').length)";
    try (Browser browser = open(profile)) {
      for (int width : List.of(1280, 390)) {
        browser.show(width, "light");
        browser.await(ReportBrowserTest.allDrawn(width, "light"));
        assertThat(browser.evaluate(marks)).hasSize(FIGURES).allMatch(m -> m.asInt() == 2 * 12);
        assertThat(browser.evaluate(ReportBrowserTest.CLIPPED)).as("clipped text").isEmpty();
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
            .as("no sideways scrolling")
            .isLessThanOrEqualTo(width);
        browser.screenshot(Path.of("target/screenshots/suite-%d.png".formatted(width)), width);
      }
      browser.evaluate("document.getElementById('restarts').click()");
      browser.await(marks + ".every(m => m === 4 * 12 * 3 - 1)");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void theIndexLinksToSectionsAndFollowsScrolling(@TempDir Path profile) throws Exception {
    String current = "document.querySelector('#index a[aria-current]').textContent";
    String top =
        "Math.abs(document.getElementById('figure-f20').getBoundingClientRect().top) < 120";
    try (Browser browser = open(profile)) {
      browser.show(1280, "light");
      browser.await("typeof loadRuns !== 'undefined'");
      assertThat(
              browser
                  .evaluate("getComputedStyle(document.querySelector('.goto')).display")
                  .asText())
          .isEqualTo("none");
      assertThat(
              browser
                  .evaluate(
                      "[...document.querySelectorAll('#index h2')].map(h => h.textContent).join()")
                  .asText())
          .isEqualTo("Figures,Appendix,Tables,Runs");
      assertThat(browser.evaluate("document.querySelectorAll('#index a').length").asInt())
          .isEqualTo(2 + FIGURES + 4);
      browser.evaluate(
          "[...document.querySelectorAll('#index a')].find(a => a.hash === '#figure-f20').click()");
      browser.await(top + " && " + current + " === 'A12 Distortion 20'");

      browser.show(390, "light");
      browser.evaluate("scrollTo(0, 0)");
      assertThat(
              browser
                  .evaluate("getComputedStyle(document.querySelector('.lists')).display")
                  .asText())
          .isEqualTo("none");
      browser.evaluate("goto.value = 'figure-f20'; goto.dispatchEvent(new Event('change'))");
      browser.await(top);
      assertThat(
              browser
                  .evaluate("document.getElementById('index').getBoundingClientRect().top")
                  .asInt())
          .as("the drop-down stays in sight")
          .isZero();
    }
  }
}
