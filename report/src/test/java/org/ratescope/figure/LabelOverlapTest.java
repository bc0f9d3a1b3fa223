package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.svg.SvgTexts;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** No text of a built-in figure stands on another, in the layouts for wide and narrow pages. */
class LabelOverlapTest {
  /** Letters that share less than so many units in one direction only touch. */
  private static final double TOUCH = 0.5;

  @TempDir Path folder;

  @Test
  void textsDoNotOverlap() throws Exception {
    Study study = Generated.small(2);
    List<String> found = new ArrayList<>();
    try (Records records = Records.open(Suite.of(study), store(study))) {
      for (String name : Figure.builtIn()) {
        Figure figure = Figure.find(name, folder);
        for (double inches : List.of(8.0, 3.0)) {
          DrawnFigure drawn = figure.draw(Suite.of(study), records, inches);
          overlaps(drawn.svg()).forEach(o -> found.add(name + " " + inches + "in: " + o));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  /** Labels of rows that are longer than a panel is high have a line for each setting. */
  @Test
  void longLabelsOfRowsDoNotOverlap() throws Exception {
    Study plain = Generated.study("long", List.of("cv:0.1"), List.of(1), List.of(0.1, 1.0), 2);
    Study study =
        Generated.with(
            plain, List.of(Likelihood.parse("gaussian:0.15"), Likelihood.parse("gaussian:0.25")));
    List<String> found = new ArrayList<>();
    try (Records records = Records.open(Suite.of(study), store(study))) {
      for (String name : List.of("rate-distortion", "distortion-beta", "training")) {
        Figure figure = Figure.find(name, folder);
        for (double inches : List.of(8.0, 3.0)) {
          String svg = figure.draw(Suite.of(study), records, inches).svg();
          assertThat(svg).contains("Gaussian (variance 0.25)");
          overlaps(svg).forEach(o -> found.add(name + " " + inches + "in: " + o));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private RecordStore store(Study study) throws IOException {
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("results")));
    for (RunSpec run : study.runs()) {
      store.write(run.id(), GeneratedDetails.gallery(run));
    }
    return store;
  }

  private static List<String> overlaps(String svg) {
    List<SvgTexts.Box> boxes = SvgTexts.of(svg).stream().filter(box -> !box.halo()).toList();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      for (int j = 0; j < i; j++) {
        var shared = boxes.get(i).area().createIntersection(boxes.get(j).area());
        if (shared.getWidth() > TOUCH && shared.getHeight() > TOUCH) {
          found.add(
              "%s over %s at %.0f,%.0f"
                  .formatted(
                      boxes.get(i).text(), boxes.get(j).text(), shared.getX(), shared.getY()));
        }
      }
    }
    return found;
  }

  /** Curves pass below labels in panels: each has a halo of the same letters at the same place. */
  @Test
  void labelsBesideCurvesHaveAHalo() throws Exception {
    Study study = Generated.small(2);
    try (Records records = Records.open(Suite.of(study), store(study))) {
      for (String name : List.of("rate-distortion", "distortion-beta")) {
        String svg = Figure.find(name, folder).draw(Suite.of(study), records).svg();
        List<SvgTexts.Box> boxes = SvgTexts.of(svg);
        List<SvgTexts.Box> halos = boxes.stream().filter(SvgTexts.Box::halo).toList();
        assertThat(halos).as(name).hasSizeGreaterThanOrEqualTo(4);
        for (SvgTexts.Box label : boxes) {
          if (!label.halo() && label.text().matches("β = .+|−[0-9,]+")) {
            assertThat(halos)
                .as(label.text())
                .anyMatch(h -> h.text().equals(label.text()) && h.area().equals(label.area()));
          }
        }
      }
    }
  }

  /** The measure sees two texts on one place, and does not see two lines below each other. */
  @Test
  void theMeasureSeesAnOverlap() {
    String svg = "<svg xmlns='http://www.w3.org/2000/svg'>%s</svg>";
    String text = "<text font-size='10px' transform='translate(%d,%d)'>label</text>";
    assertThat(overlaps(svg.formatted(text.formatted(0, 10) + text.formatted(12, 12)))).hasSize(1);
    assertThat(overlaps(svg.formatted(text.formatted(0, 10) + text.formatted(0, 20)))).isEmpty();
    assertThat(overlaps(svg.formatted(text.formatted(0, 10) + text.formatted(40, 10)))).isEmpty();
  }
}
