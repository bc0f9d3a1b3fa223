package org.ratescope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.ratescope.figure.Generated;
import org.ratescope.page.Browser;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Suite;

/** The live page in a headless Chromium; the screenshots stay in target/screenshots. */
@Tag("browser")
@ResourceLock("live pages") // LivePageLimitsTest counts their threads
class LiveBrowserTest {
  /** Marks of the curves' points, by subset, counted in Vega's scene. */
  private static final String POINTS =
      """
      (() => {
        const found = { filled: 0, open: 0 };
        const visit = (node) => {
          if (node.marktype === 'symbol' && node.role === 'mark') {
            for (const item of node.items) found[item.fill && item.fill !== 'transparent' ? 'filled' : 'open']++;
          }
          for (const child of node.items ?? []) visit(child);
        };
        visit(charts.get('rate-distortion').result.view.scenegraph().root);
        return found.filled + ' ' + found.open;
      })()
      """;

  /**
   * Of the colours of β: the contrast of the first with the last, and the lowest contrast of any
   * with the page (Web Content Accessibility Guidelines 2.2), and the smallest difference of
   * neighbours (CIE 1976, D65).
   */
  private static final String CONTRASTS =
      """
      (() => {
        const context = document.createElement('canvas').getContext('2d');
        const linear = (colour) => {
          context.fillStyle = colour;
          return [1, 3, 5].map((i) => parseInt(context.fillStyle.slice(i, i + 2), 16) / 255)
            .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        };
        const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
        const contrast = (a, b) => {
          const [x, y] = [a, b].map((colour) => luminance(linear(colour)) + 0.05);
          return Math.max(x, y) / Math.min(x, y);
        };
        const lab = (colour) => {
          const [r, g, b] = linear(colour);
          const [x, y, z] = [(0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, luminance([r, g, b]),
            (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089].map((v) => v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116);
          return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
        };
        const range = charts.get('distortion').result.view.scale('color').range();
        const page = getComputedStyle(document.body).backgroundColor;
        const steps = range.slice(1).map((colour, i) => Math.hypot(...lab(colour).map((v, k) => v - lab(range[i])[k])));
        return { colours: range.length, ends: contrast(range[0], range.at(-1)),
          page: Math.min(...range.map((colour) => contrast(colour, page))), step: Math.min(...steps) };
      })()
      """;

  @TempDir Path folder;

  private final List<String> notes = new CopyOnWriteArrayList<>();

  private LivePage page() throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    return LivePage.open(
        "127.0.0.1", 0, Suite.of(Generated.small(1)), store, "Report: here.", notes::add);
  }

  private Browser open(LivePage page) throws Exception {
    Path executable = Browser.find();
    assumeTrue(executable != null, "skipped: this machine has no Chromium");
    Path profile = folder.resolve("profile");
    assertThat(profile.toFile().mkdirs()).isTrue();
    return Browser.open(Objects.requireNonNull(executable), profile, page.address());
  }

  @Test
  void aSweepFillsThePage() throws Exception {
    try (LivePage page = page();
        Browser browser = open(page)) {
      browser.show(1280, "light");
      StagedSweep sweep = new StagedSweep(page.progress());
      browser.await("document.getElementById('title').textContent.startsWith('Generated numbers')");

      sweep.begin();
      sweep.start(0);
      sweep.start(1);
      sweep.trace(0, 0, 30);
      sweep.trace(1, 0, 20);
      browser.await("document.getElementById('distortion').dataset.rows === '240'");
      assertThat(text(browser, "#facts")).contains("2 / 24").contains("running10");
      assertThat(text(browser, "#cohort-table")).contains("2,321 of 4,000").contains("waiting");
      assertThat(visible(browser, "#failures")).isFalse();
      assertThat(visible(browser, "#rate-distortion")).isFalse();

      sweep.record(0);
      browser.await("document.getElementById('rate-distortion').dataset.rows === '8'");
      assertThat(browser.evaluate(POINTS).asText()).isEqualTo("4 4");
      assertThat(visible(browser, "#group")).as("only β varies so far").isFalse();
      assertThat(visible(browser, "#cohort")).as("two cohorts to choose from").isTrue();

      sweep.recordWithTroubles(1);
      sweep.start(2);
      sweep.trace(2, 0, 5);
      browser.await("document.getElementById('rate-distortion').dataset.rows === '16'");
      browser.await("document.getElementById('distortion').dataset.rows === '30'");
      assertThat(browser.evaluate(POINTS).asText()).isEqualTo("8 8");
      assertThat(text(browser, "#failures"))
          .startsWith("Failures (2)")
          .contains(StagedSweep.MESSAGE)
          .contains("non-finite in the update numbered 77");
      assertThat(browser.evaluate("document.querySelectorAll('main img').length").asInt()).isZero();
      assertThat(browser.evaluate("document.title").asText()).doesNotContain("broken in");
      sweep.note("something to read");
      browser.await("document.getElementById('notes').textContent.includes('something to read')");

      looksRightEverywhere(browser);

      sweep.record(2);
      sweep.start(3);
      sweep.record(3);
      page.close();
      browser.await("document.documentElement.classList.contains('finished')");
      assertThat(text(browser, "#banner")).isEqualTo("Every run has a record. Report: here.");
      assertThat(text(browser, "#stage")).isEqualTo("finished, 1 diverged, 1 failed");
      browser.await("document.getElementById('rate-distortion').dataset.rows === '40'");
      assertThat(visible(browser, "#group")).as("splits and architectures vary").isTrue();
      assertThat(browser.evaluate("document.getElementById('group').options.length").asInt())
          .isEqualTo(3);
      assertThat(browser.complaints()).isEmpty();
    }
    assertThat(notes).isEmpty();
  }

  private static void looksRightEverywhere(Browser browser) throws Exception {
    for (int width : List.of(1280, 390)) {
      for (String theme : List.of("light", "dark")) {
        browser.show(width, theme);
        browser.await(
            "innerWidth === %d && ['rate-distortion', 'distortion', 'rate'].every(id => document.getElementById(id).dataset.theme === '%s' && document.querySelector('#' + id + ' canvas').getBoundingClientRect().width <= document.getElementById(id).clientWidth + 1)"
                .formatted(width, theme));
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
            .as("no sideways scrolling at %d", width)
            .isLessThanOrEqualTo(width);
        assertThat(browser.evaluate("document.querySelector('header').clientWidth").asInt())
            .as("the head has the width of the page")
            .isEqualTo(Math.min(width, 1040));
        coloursOfBetaDiffer(browser, theme);
        browser.screenshot(
            Path.of("target/screenshots/live-%d-%s.png".formatted(width, theme)), width);
      }
    }
    browser.show(1280, "light");
  }

  private static void coloursOfBetaDiffer(Browser browser, String theme) throws Exception {
    JsonNode found = browser.evaluate(CONTRASTS);
    assertThat(found.path("colours").asInt()).isEqualTo(Generated.SIX_BETAS.size());
    assertThat(found.path("ends").asDouble()).as("first and last, %s", theme).isGreaterThan(3.5);
    assertThat(found.path("page").asDouble()).as("with the page, %s", theme).isGreaterThan(2);
    assertThat(found.path("step").asDouble()).as("neighbours, %s", theme).isGreaterThan(33);
  }

  private static String text(Browser browser, String selector) throws Exception {
    return browser
        .evaluate("document.querySelector('%s').innerText".formatted(selector))
        .asText()
        .replaceAll("\\s*\\n\\s*", selector.equals("#facts") ? "" : " ")
        .strip();
  }

  private static boolean visible(Browser browser, String selector) throws Exception {
    return browser
        .evaluate("document.querySelector('%s').offsetParent !== null".formatted(selector))
        .asBoolean();
  }

  /** Two weights that both vary: a curve for each weight of the mutual information. */
  @Test
  void curvesOfTwoWeightsAreApart() throws Exception {
    try (LivePage page = page();
        Browser browser = open(page)) {
      browser.await("typeof live !== 'undefined' && live.study.fields?.length > 0");
      JsonNode curves =
          browser.evaluate(
              """
              (() => {
                const points = [['both', 1, 0.1], ['both', 1, 0.2], ['both', 2, 0.1], ['mi', 3, 0], ['mi', 4, 0], ['kl', 0, 0.5]];
                for (const [objective, betaMi, betaKl] of points) {
                  live.points.set(live.points.size, { objective, betaMi, betaKl, test: { rate: 1, distortion: 2 } });
                }
                return [...new Set(curveRows([]).map((row) => row.curve))].length;
              })()
              """);
      assertThat(curves.asInt()).isEqualTo(4);
    }
  }

  @Test
  void connectsAgainAfterAnHttpError() throws Exception {
    List<ListeningClient> others = new ArrayList<>();
    try (LivePage page = page()) {
      for (int i = 0; i < EventStream.MOST_CLIENTS; i++) {
        others.add(ListeningClient.open(page.address()));
      }
      try (Browser browser = open(page)) {
        browser.await("typeof source !== 'undefined' && source.readyState === EventSource.CLOSED");
        assertThat(text(browser, "#banner")).startsWith("The connection is lost.");
        assertThat(text(browser, "header")).doesNotContain("NaN", "undefined");
        assertThat(browser.evaluate("document.title").asText()).isEqualTo("Ratescope");
        StagedSweep sweep = new StagedSweep(page.progress());
        sweep.begin();
        for (ListeningClient other : others) {
          other.close();
        }
        for (int i = 0; i < 20; i++) { // a write finds out that a connection is closed
          sweep.note("something to read");
          Thread.sleep(50);
        }
        browser.await("document.getElementById('facts').textContent.includes('runs done')");
        assertThat(visible(browser, "#banner")).isFalse();
      }
    }
  }

  @Test
  void aStoppedSweepIsReported() throws Exception {
    LivePage page = page();
    try (Browser browser = open(page)) {
      browser.show(390, "dark");
      browser.await("document.getElementById('stage').textContent === 'starting'");
      page.close(); // the sweep ends before it has begun
      browser.await("document.documentElement.classList.contains('stopped')");
      assertThat(text(browser, "#banner")).startsWith("Stopped: the same command resumes");
      assertThat(browser.evaluate("source.readyState").asInt())
          .as("closed, no polling")
          .isEqualTo(2);
    }
  }
}
