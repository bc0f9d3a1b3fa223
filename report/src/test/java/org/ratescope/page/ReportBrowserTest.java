package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.Generated;
import org.ratescope.results.Outcome;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** The report in a headless Chromium. The screenshots stay in target/screenshots for inspection. */
@Tag("browser")
class ReportBrowserTest {
  /** For every figure: its name, the number of painted marks, and whether the SVG has a size. */
  private static final String PAINTED =
      """
      [...document.querySelectorAll('.chart')].map(c => {
        const svg = c.querySelector('svg');
        const box = svg.getBoundingClientRect();
        return {
          name: c.dataset.figure,
          marks: svg.querySelectorAll('.role-mark path, .role-mark image, .role-mark text').length,
          images: [...svg.querySelectorAll('image')]
              .filter(i => i.href.baseVal.startsWith('data:image/png') && i.getBBox().width > 4).length,
          sized: box.width > 250 && box.height > 150,
          fits: box.width <= c.parentElement.clientWidth + 1, width: box.width,
        };
      })
      """;

  /**
   * Texts outside their picture. The box of a line is higher than its letters, by up to a third.
   */
  static final String CLIPPED =
      """
      [...document.querySelectorAll('.chart svg')].flatMap(svg => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(t => {
          const b = t.getBoundingClientRect();
          return t.textContent && b.width > 0 && getComputedStyle(t).opacity !== '0'
            && (b.left < box.left - 1 || b.right > box.right + 1 || b.top + b.height / 3 < box.top || b.bottom - b.height / 3 > box.bottom);
        }).map(t => svg.closest('.chart').dataset.figure + ': ' + t.textContent);
      })
      """;

  /** Whether every figure is drawn correctly for this width and theme. */
  static String allDrawn(int width, String theme) {
    return """
    typeof drawing !== 'undefined' && innerWidth === %d && dark.matches === %b && (charts.forEach(enqueue),
      drawing.then(() => charts.every(c => c.dataset.drawn === setting())))
    """
        .formatted(width, theme.equals("dark"));
  }

  /** In each of four panels: the test image, its neighbour, one reconstruction per beta. */
  private static final int PICTURES = 4 * (2 + Generated.SIX_BETAS.size());

  @TempDir static Path folder;
  private static Path page = Path.of("");
  private static Study study = Generated.small(3);

  @BeforeAll
  static void writeReport() throws Exception {
    assumeTrue(Browser.find() != null, "skipped: this machine has no Chromium");
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    List<RunSpec> runs = study.runs();
    store.write(Generated.ended(runs.get(3), new Outcome.Diverged(77)));
    Files.delete(store.recordFile(runs.get(9).id()));
    try (Records records = Records.open(Suite.of(study), store)) {
      page =
          Report.write(
                  Suite.of(study),
                  records,
                  folder.resolve("none"),
                  folder.resolve("out"),
                  List.of())
              .page();
    }
  }

  private static Browser open(Path profile) throws Exception {
    Path executable = Browser.find();
    assumeTrue(executable != null, "skipped: this machine has no Chromium");
    return Browser.open(Objects.requireNonNull(executable), profile, page);
  }

  @Test
  void paintsEveryFigureInBothThemesAtBothWidthsWithoutComplaint(@TempDir Path profile)
      throws Exception {
    try (Browser browser = open(profile)) {
      for (int width : List.of(1280, 390)) {
        for (String theme : List.of("light", "dark")) {
          browser.show(width, theme);
          browser.await(allDrawn(width, theme));
          Path shot = Path.of("target/screenshots/report-%d-%s.png".formatted(width, theme));
          browser.screenshot(shot, width);
          assertThat(orange(shot)).as("pixels of the pictures").isGreaterThan(200);
          JsonNode figures = browser.evaluate(PAINTED);
          assertThat(figures).hasSize(1 + study.figures().size());
          assertThat(figures.get(0).get("name").asText()).isEqualTo("gap");
          assertThat(figures.get(1).get("name").asText()).isEqualTo("rate-distortion");
          assertThat(figures.get(1).get("images").asInt()).isEqualTo(PICTURES);
          for (JsonNode figure : figures) {
            assertThat(figure.get("marks").asInt()).as("%s", figure).isGreaterThan(20);
            assertThat(figure.get("sized").asBoolean()).as("%s", figure).isTrue();
            assertThat(figure.get("fits").asBoolean()).as("%d: %s", width, figure).isTrue();
          }
          assertThat(browser.evaluate(CLIPPED)).as("clipped text").isEmpty();
          assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
              .as("no sideways scrolling")
              .isLessThanOrEqualTo(width);
        }
      }
      assertThat(browser.evaluate("getComputedStyle(restarts.parentElement).display").asText())
          .as("the switch that the curves follow")
          .isEqualTo("flex");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  /** Pixels of the colour that only the generated pictures have. */
  private static long orange(Path shot) throws IOException {
    BufferedImage image = ImageIO.read(shot.toFile());
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).filter(p -> (p & 0xFFFFFF) == 0xFF6633).count();
  }

  @Test
  void sortsAndFiltersRuns(@TempDir Path profile) throws Exception {
    try (Browser browser = open(profile)) {
      browser.show(1280, "light");
      browser.await("typeof loadRuns !== 'undefined'");
      browser.evaluate("document.getElementById('runs').scrollIntoView()");
      browser.await("document.querySelectorAll('#runs-table tbody tr').length > 0");
      assertThat(browser.evaluate("document.getElementById('count').textContent").asText())
          .isEqualTo("72 of 72 runs");
      String rows = "[...document.querySelectorAll('#runs-table tbody tr')]";
      browser.evaluate(
          "(() => { const s = document.getElementById('outcome'); s.value = 'diverged';"
              + " s.dispatchEvent(new Event('change')); })()");
      assertThat(browser.evaluate(rows + ".length").asInt()).isEqualTo(1);
      assertThat(browser.evaluate(rows + "[0].textContent").asText())
          .contains(study.runs().get(3).id().hex())
          .contains("77");
      browser.evaluate(
          "(() => { const s = document.getElementById('outcome'); s.value = ''; s.dispatchEvent(new"
              + " Event('change'));[...document.querySelectorAll('#runs-table th button')].find(b"
              + " => b.textContent === 'Test D').click(); })()");
      assertThat(browser.evaluate("document.activeElement.textContent").asText())
          .as("the button of the same column has the focus")
          .isEqualTo("Test D ↑");
      browser.evaluate("document.getElementById('more').click()");
      JsonNode column =
          browser.evaluate(
              rows + ".map(r => r.children[6].textContent).filter(t => t !== '').map(Number)");
      assertThat(column).hasSize(70);
      for (int i = 1; i < column.size(); i++) {
        assertThat(column.get(i).asDouble()).isGreaterThanOrEqualTo(column.get(i - 1).asDouble());
      }
    }
  }

  @Test
  void clickingARunShowsItsPictures(@TempDir Path profile) throws Exception {
    try (Browser browser = open(profile)) {
      browser.show(1280, "light");
      browser.await("typeof loadRuns !== 'undefined'");
      browser.evaluate("loadRuns(); document.querySelector('#runs-table tbody tr').click()");
      JsonNode images =
          browser.evaluate(
              "[...document.querySelectorAll('#runs-table .detail img')].map(i => i.naturalWidth)");
      assertThat(images).hasSize(3).allMatch(width -> width.asInt() == 16);
      browser.evaluate("document.querySelector('#runs-table tbody tr td button').click()");
      assertThat(
              browser.evaluate("document.querySelectorAll('#runs-table .detail').length").asInt())
          .isZero();
      browser.evaluate(
          "document.getElementById('filter').value = 'diverged';"
              + " document.getElementById('filter').dispatchEvent(new Event('input'));"
              + " document.querySelector('#runs-table tbody tr').click()");
      assertThat(browser.evaluate("document.querySelector('.pictures').textContent").asText())
          .isEqualTo("Only finished runs have pictures.");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void anEstimateIsACollapsedTable(@TempDir Path profile) throws Exception {
    try (Browser browser = open(profile)) {
      browser.show(1280, "light");
      browser.await("typeof loadRuns !== 'undefined'");
      browser.evaluate("document.querySelector('[data-estimate=rate]').open = true");
      browser.await("document.querySelector('[data-estimate=rate] table').rows.length > 0");
      JsonNode table =
          browser.evaluate(
              "[...document.querySelector('[data-estimate=rate] table').rows].map(r =>"
                  + " [...r.cells].map(c => c.textContent))");
      assertThat(table).hasSize(1 + 2 * study.runs().size() / study.restarts());
      assertThat(table.get(0).toString())
          .isEqualTo(
              "[\"Split\",\"Architecture\",\"β\",\"Subset\",\"Mean\",\"SD\",\"Restarts\",\"Unit\"]");
    }
  }
}
