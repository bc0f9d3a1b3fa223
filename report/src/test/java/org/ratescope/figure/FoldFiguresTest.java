package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.Estimate;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Twin halves and leaving images out, from made-up numbers. */
class FoldFiguresTest {
  private static final List<String> DISTANCES =
      List.of("to the twin's", "to the own training half", "to the image");
  private static final List<String> DIFFERENCES =
      List.of("mean over images", "largest of an image");

  @TempDir Path folder;

  /** Two splits, two β: the first split has twin halves, and both leave one of three folds out. */
  private static Study study(int restarts) {
    return Generated.study(
        "folds",
        List.of(
            "cv:0.5",
            "cv:0.5/without:1of2",
            "cv:0.5/without:2of2",
            "cv:0.5/without:1of3",
            "cv:0.5/without:2of3",
            "cv:0.5/without:3of3",
            "cv:0.1",
            "cv:0.1/without:1of3",
            "cv:0.1/without:2of3",
            "cv:0.1/without:3of3"),
        List.of(1),
        List.of(0.1, 1.0),
        restarts);
  }

  /** A value of a comparison: a function of its settings, and of the number of folds. */
  private static double value(String name, RunSpec run, int folds) {
    return switch (name) {
      case "twinHalves" -> 2 + run.objective().betaKl() + run.seed();
      case "twinHalves.toOwnTrainingSet" -> 3 + run.seed();
      case "twinHalves.toImage" -> 4;
      case "leaveOneOut" -> 10.0 * folds + run.objective().betaKl() + run.seed();
      case "leaveOneOut.largest" -> 100 + run.seed();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * The run without the last fold has the values, as if it had ended last; of twins both have them.
   */
  private static RunRecord record(RunSpec run) {
    RunRecord plain =
        run.split().text().endsWith("0.1/without:2of3")
            ? Generated.falling(run, 3)
            : Generated.finished(run);
    if (!(run.split() instanceof Split.WithoutFold fold)) {
      return plain;
    }
    List<Estimate> estimates = new ArrayList<>(plain.estimates());
    if (fold.folds() == 2) {
      for (String name : List.of("", ".toOwnTrainingSet", ".toImage")) {
        String full = "twinHalves" + name;
        estimates.add(
            new Estimate(full, Subset.TEST, value(full, run, 2), 0.25, "pixel values", 100));
      }
    }
    if (fold.left() == fold.folds()) {
      double mean = value("leaveOneOut", run, fold.folds());
      double largest = value("leaveOneOut.largest", run, fold.folds());
      estimates.add(new Estimate("leaveOneOut", Subset.TRAIN, mean, 0.5, Estimate.NATS, 64));
      estimates.add(
          new Estimate("leaveOneOut.largest", Subset.TRAIN, largest, 0, Estimate.NATS, 64));
    }
    return Generated.with(plain, estimates);
  }

  private RecordStore store(Study study) throws IOException {
    RecordStore store = RecordStore.at(folder.resolve("results"));
    for (RunSpec run : study.runs()) {
      store.write(record(run));
    }
    return store;
  }

  @Test
  void twinHalvesHaveTheirThreeDistancesInThePanelOfTheWholeSplit() throws Exception {
    Study study = study(2);
    try (Records records = Records.open(Suite.of(study), store(study))) {
      DrawnFigure figure = Figure.find("twin-halves", folder).draw(Suite.of(study), records);
      QueryResult points = figure.csv();
      assertThat(figure.remarks()).isEmpty();
      assertThat(points.rows()).as("one split, two β, three distances").hasSize(2 * 3);
      for (int row = 0; row < points.rows().size(); row++) {
        double beta = number(points, row, "beta");
        double seeds = study.seed() + 0.5; // the mean of two
        List<Double> expected = List.of(2 + beta + seeds, 3 + seeds, 4.0);
        int curve = DISTANCES.indexOf(points.value(row, "distance"));
        assertThat(number(points, row, "y")).isCloseTo(expected.get(curve), within(1e-12));
        assertThat(number(points, row, "y_sd"))
            .isCloseTo(curve == 2 ? 0 : Math.sqrt(0.5), within(1e-12));
        assertThat(number(points, row, "restarts")).isEqualTo(2);
      }
      assertThat(points.columns()).doesNotContain("standard_error", "not_converged");
      // made-up folds of both splits have the same sizes, so panels have the texts of splits
      assertThat(figure.svg()).contains(">cv:0.5</text>").doesNotContain("without", "cv:0.1");
      DISTANCES.forEach(label -> assertThat(figure.svg()).contains(">" + label + "</text>"));
    }
  }

  @Test
  void leavingImagesOutTakesTheLargestNumberOfFolds() throws Exception {
    Study study = study(1);
    try (Records records = Records.open(Suite.of(study), store(study))) {
      DrawnFigure figure = Figure.find("leave-one-out", folder).draw(Suite.of(study), records);
      QueryResult points = figure.csv();
      assertThat(figure.remarks()).isEmpty();
      assertThat(points.rows()).as("two splits, two β, mean and largest").hasSize(2 * 2 * 2);
      for (int row = 0; row < points.rows().size(); row++) {
        double beta = number(points, row, "beta");
        boolean mean = DIFFERENCES.getFirst().equals(points.value(row, "statistic"));
        double seed = study.seed();
        assertThat(number(points, row, "y")).isEqualTo(mean ? 30 + beta + seed : 100 + seed);
        assertThat(number(points, row, "standard_error")).isEqualTo(mean ? 0.5 : 0);
        boolean falling = "cv:0.1".equals(points.value(row, "split"));
        assertThat(points.value(row, "not_converged"))
            .as("one of the compared models was still learning")
            .isEqualTo(falling ? 1L : null);
      }
      QueryResult all = figure.table();
      for (int row = 0; row < all.rows().size(); row++) {
        if ("point".equals(all.value(row, "kind"))) {
          double error = number(all, row, "standard_error");
          double y = number(all, row, "y");
          assertThat(number(all, row, "y_low")).as("end of the bar").isEqualTo(y - error);
          assertThat(number(all, row, "y_high")).isEqualTo(y + error);
        }
      }
    }
  }

  @Test
  void aRunWithoutAFoldNamesItsWholeRun() throws Exception {
    Study study = study(1);
    try (Records records = Records.open(Suite.of(study), store(study))) {
      QueryResult pairs =
          records.query(
              "select a.fold, a.split = b.split || '/without:' || a.fold || 'of'"
                  + " || regexp_extract(a.split, 'of(\\d+)$', 1) and a.beta = b.beta as matches"
                  + " from runs a left join runs b on b.run = a.whole_run");
      assertThat(pairs.rows()).hasSize(study.runs().size());
      for (int row = 0; row < pairs.rows().size(); row++) {
        boolean whole = pairs.value(row, "fold") == null;
        assertThat(pairs.value(row, "matches")).isEqualTo(whole ? null : true);
      }
    }
  }

  @Test
  void withoutRowsTheMessageNamesTheKeyOfTheStudy() throws Exception {
    Study study = Generated.study("plain", List.of("cv:0.5"), List.of(1), List.of(1.0), 1);
    RecordStore store = Generated.write(study, RecordStore.at(folder.resolve("plain")));
    try (Records records = Records.open(Suite.of(study), store)) {
      for (String name : List.of("twin-halves", "leave-one-out")) {
        String svg = Figure.find(name, folder).draw(Suite.of(study), records).svg();
        assertThat(svg).contains("Nothing to draw yet", "Add '" + name + ": ");
      }
    }
  }

  private static double number(QueryResult table, int row, String column) {
    return table.value(row, column) instanceof Number n ? n.doubleValue() : Double.NaN;
  }
}
