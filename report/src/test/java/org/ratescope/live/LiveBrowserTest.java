package org.ratescope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
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
        browser.screenshot(
            Path.of("target/screenshots/live-%d-%s.png".formatted(width, theme)), width);
      }
    }
    browser.show(1280, "light");
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
