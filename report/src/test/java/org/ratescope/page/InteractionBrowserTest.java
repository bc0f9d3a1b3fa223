package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.Generated;
import org.ratescope.figure.GeneratedDetails;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** What a reader can do with the figures of a report, in a headless Chromium. */
@Tag("browser")
class InteractionBrowserTest {
  private static final String CHART = "document.querySelector('[data-figure=%s]')";

  @TempDir Path folder;

  private Path report() throws Exception {
    Study study = Generated.small(2);
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    for (RunSpec run : study.runs()) {
      store.write(run.id(), GeneratedDetails.gallery(run));
    }
    try (Records records = Records.open(Suite.of(study), store)) {
      return Report.write(
              Suite.of(study), records, folder.resolve("none"), folder.resolve("out"), List.of())
          .page();
    }
  }

  /** The index groups figures by number; the page has them in the order of the study. */
  @Test
  void theIndexHighlightsTheSectionInView(@TempDir Path profile) throws Exception {
    Path executable = Browser.find();
    assumeTrue(executable != null, "skipped: this machine has no Chromium");
    Path figures = folder.resolve("figures");
    for (String name : List.of("größe 1", "zweite 50%")) {
      Path own = Files.createDirectories(figures.resolve(name));
      Files.writeString(own.resolve("query.sql"), "select 1 as a");
      Files.writeString(
          own.resolve("spec.vl.json"),
          """
          {
            "usermeta": { "ratescope": { "number": "A1" } },
            "mark": "point", "height": 900, "encoding": { "x": { "field": "a" } }
          }
          """);
    }
    Study study =
        ReportTest.titled(
            Generated.study("index", List.of("cv:0.5"), List.of(1), List.of(1.0), 1),
            "Index",
            List.of("größe 1", "distortion-beta", "zweite 50%"));
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("few")));
    try (Records records = Records.open(Suite.of(study), store)) {
      Path page =
          Report.write(Suite.of(study), records, figures, folder.resolve("index"), List.of())
              .page();
      try (Browser browser = Browser.open(Objects.requireNonNull(executable), profile, page)) {
        browser.show(1280, "light");
        browser.await(ReportBrowserTest.allDrawn(1280, "light"));
        for (String name : study.figures()) {
          browser.evaluate("document.getElementById('figure-%s').scrollIntoView()".formatted(name));
          browser.await("goto.value === 'figure-%s'".formatted(name));
          assertThat(browser.evaluate("document.querySelectorAll('[aria-current]').length").asInt())
              .isEqualTo(1);
        }
        assertThat(browser.complaints()).isEmpty();
      }
    }
  }

  private static String images(String figure) {
    return CHART.formatted(figure) + ".querySelectorAll('.role-mark image').length";
  }

  @Test
  void sliderLegendHighlightAndReset(@TempDir Path profile) throws Exception {
    Path executable = Browser.find();
    assumeTrue(executable != null, "skipped: this machine has no Chromium");
    try (Browser browser = Browser.open(Objects.requireNonNull(executable), profile, report())) {
      browser.show(1280, "light");
      browser.await(ReportBrowserTest.allDrawn(1280, "light"));

      // One slider moves all figures of images.
      assertThat(browser.evaluate(images("samples")).asInt()).isEqualTo(4 * 6);
      assertThat(browser.evaluate(images("traversals")).asInt()).isEqualTo(4 * 3);
      browser.evaluate(
          "(input => { input.value = 4; input.dispatchEvent(new Event('input')); })"
              + "(document.querySelector('#figure-samples input[type=range]'))");
      browser.await(images("samples") + " === 4 && " + images("traversals") + " === 4");
      assertThat(
              browser
                  .evaluate("document.querySelector('#figure-traversals output').textContent")
                  .asText())
          .isEqualTo("β = 0.5");

      // A legend's entry dims the other curves, and does so once.
      String gap = CHART.formatted("gap");
      String dimmed =
          "[..."
              + gap
              + ".querySelectorAll('.mark-line.role-mark path')].filter(e => e.style.opacity === '0.1').length";
      String entry = gap + ".querySelector('.role-legend-label [role=button]')";
      assertThat(browser.evaluate(dimmed).asInt()).isZero();
      browser.evaluate(entry + ".dispatchEvent(new MouseEvent('click', {bubbles: true}))");
      assertThat(browser.evaluate(dimmed).asInt())
          .as("one of two curves in six panels")
          .isEqualTo(6);
      assertThat(browser.evaluate(entry + ".getAttribute('aria-pressed')").asText())
          .isEqualTo("true");
      browser.evaluate(
          entry + ".dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))");
      assertThat(browser.evaluate(dimmed).asInt()).isZero();

      // A point is ringed in all figures.
      browser.evaluate(
          gap
              + ".querySelector('.mark-symbol.role-mark > path')"
              + ".dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))");
      String ringed =
          "[...new Set(ringed.filter(e => e.closest('.chart').dataset.figure === '%s')"
              + ".map(e => rowOf(e).%s))].sort()";
      assertThat(browser.evaluate(ringed.formatted("gap", "measure")).toString())
          .isEqualTo("[\"excess\",\"gap\",\"rd\"]");
      assertThat(browser.evaluate(ringed.formatted("distortion-beta", "subset")).toString())
          .isEqualTo("[\"test\",\"train\"]");
      assertThat(browser.evaluate(ringed.formatted("distortion-beta", "weight")))
          .as("one β")
          .hasSize(1);

      // Zooming shows the button, which ends it.
      String button = "document.querySelector('#figure-rate-distortion .controls button')";
      assertThat(browser.evaluate(button + ".hidden").asBoolean()).isTrue();
      browser.evaluate(
          CHART.formatted("rate-distortion")
              + ".querySelector('svg').dispatchEvent(new WheelEvent('wheel', {shiftKey: true, bubbles: true}))");
      assertThat(browser.evaluate(button + ".hidden").asBoolean()).isFalse();
      browser.evaluate(button + ".click()");
      browser.await(button + ".hidden");
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
