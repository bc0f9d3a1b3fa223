package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * Curves show which of their means contain runs that have not converged: dots with a hole, and an
 * entry of the legend.
 */
class ConvergenceFigureTest {
  private static final String LEGEND = "at least one run not converged";
  private static final List<String> FIGURES =
      List.of("gap", "rate-distortion", "distortion-beta", "information-beta");

  /** Paths in the colour of the page: the holes of dots. */
  private static final Pattern HOLE = Pattern.compile("<path [^>]*fill=\"#ffffff\"[^>]*>");

  private static final Study STUDY =
      Generated.study("convergence", List.of("cv:0.1"), List.of(1, 3), List.of(0.1, 0.5, 1.0), 2);

  @TempDir Path folder;

  /** How a run was trained. */
  private interface Training {
    RunRecord of(RunSpec run);
  }

  private DrawnFigure drawn(String name, Training training) throws Exception {
    RecordStore store = RecordStore.at(folder);
    for (RunSpec run : STUDY.runs()) {
      store.write(informed(training.of(run)));
    }
    try (Records records = Records.open(Suite.of(STUDY), store)) {
      return Figure.find(name, folder).draw(Suite.of(STUDY), records);
    }
  }

  private static RunRecord informed(RunRecord record) {
    List<Estimate> estimates = new ArrayList<>(record.estimates());
    for (Subset subset : Subset.values()) {
      for (String name : List.of("mutualInformation", "marginalKl")) {
        double nats = 5 - record.spec().objective().betaKl() + record.spec().seed();
        estimates.add(new Estimate(name, subset, nats, 0.1, Estimate.NATS, 100));
      }
    }
    return with(record, estimates, record.trace());
  }

  private static RunRecord with(RunRecord record, List<Estimate> estimates, List<LossPoint> trace) {
    return new RunRecord(
        record.spec(),
        record.outcome(),
        record.evaluation(),
        estimates,
        trace,
        record.pictures(),
        record.provenance());
  }

  /** One restart of one setting: the network with three layers at β = 1. */
  private static boolean isFalling(RunSpec run) {
    return run.architecture().layers() == 3
        && run.objective().betaKl() == 1
        && run.seed() == STUDY.seed();
  }

  @Test
  void exactlyTheSettingWithAFallingRunIsHollow() throws Exception {
    for (String name : FIGURES) {
      DrawnFigure figure =
          drawn(name, run -> isFalling(run) ? Generated.falling(run, 3) : Generated.finished(run));
      QueryResult table = figure.table();
      int hollow = 0;
      for (int row = 0; row < table.rows().size(); row++) {
        if ("point".equals(table.value(row, "kind"))) {
          boolean expected =
              Double.valueOf(1).equals(table.value(row, "weight"))
                  && (table.value(row, "column_label") + "|" + table.value(row, "colour_label"))
                      .contains("3-layer");
          assertThat(table.value(row, "falling")).as(name).isEqualTo(expected ? 1L : null);
          hollow += expected ? 1 : 0;
        }
      }
      // gap: three panels; D and R: two sets; the information: two sets of two quantities
      assertThat(hollow).as(name).isEqualTo(List.of(3, 2, 2, 4).get(FIGURES.indexOf(name)));
      assertThat(HOLE.matcher(figure.svg()).results().count()).as(name).isEqualTo(hollow);
      assertThat(figure.svg()).as(name).contains(">" + LEGEND + "</text>");
      assertThat(figure.csv().columns()).as(name).contains("not_converged");
      assertThat(figure.remarks()).as(name).isEmpty();
    }
  }

  /** A run without batch losses, whose convergence is unknown, is drawn as usual. */
  @Test
  void nothingIsHollowWithoutAFallingRun() throws Exception {
    for (String name : FIGURES) {
      DrawnFigure figure =
          drawn(
              name,
              run -> {
                RunRecord record = Generated.finished(run);
                return isFalling(run) ? with(record, record.estimates(), List.of()) : record;
              });
      assertThat(HOLE.matcher(figure.svg()).results().count()).as(name).isZero();
      assertThat(figure.svg()).as(name).doesNotContain(LEGEND);
      assertThat(figure.csv().columns()).as(name).doesNotContain("not_converged");
      assertThat(figure.remarks()).as(name).isEmpty();
    }
  }
}
