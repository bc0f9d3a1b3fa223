package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.Estimate;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** The excess distortion as columns and on an axis, from made-up numbers. */
class ExcessDistortionFigureTest {
  private static final Study STUDY =
      Generated.study("excess", List.of("cv:0.5"), List.of(1), List.of(0.1, 1.0), 1);
  private static final double FLOOR = 20;

  @TempDir Path folder;

  /** Runs with β = 1 were evaluated before there was an excess distortion. */
  private static RunRecord record(RunSpec run) {
    RunRecord plain = Generated.finished(run);
    List<Estimate> estimates = new ArrayList<>(plain.estimates());
    for (Estimate estimate : plain.estimates()) {
      if (estimate.name().equals("distortion") && run.objective().betaKl() < 1) {
        Subset subset = estimate.subset();
        double excess = estimate.value() - FLOOR;
        estimates.add(new Estimate("excessDistortion", subset, excess, 0.3, Estimate.NATS, 2000));
        estimates.add(
            new Estimate("excessDistortion.share", subset, excess / 100, 0.1, "share", 2000));
      }
    }
    return Generated.with(plain, estimates);
  }

  @Test
  void standsOnTheAxisOfItsFigureAndInTheResults() throws Exception {
    RecordStore store = RecordStore.at(folder);
    for (RunSpec run : STUDY.runs()) {
      store.write(record(run));
    }
    try (Records records = Records.open(Suite.of(STUDY), store)) {
      QueryResult results =
          records.query("select distortion, excess, excess_share from results where beta < 1");
      assertThat(results.rows()).hasSize(2);
      for (int row = 0; row < 2; row++) {
        double excess = number(results, row, "distortion") - FLOOR;
        assertThat(number(results, row, "excess")).isCloseTo(excess, within(1e-12));
        assertThat(number(results, row, "excess_share")).isCloseTo(excess / 100, within(1e-12));
      }
      assertThat(records.query("select 1 from chosen_results where excess is null").rows())
          .hasSize(2);
      DrawnFigure figure = Figure.find("excess-distortion", folder).draw(Suite.of(STUDY), records);
      assertThat(figure.remarks()).isEmpty();
      assertThat(figure.svg()).contains("Excess distortion (nats per example)");
      assertThat(figure.spec()).contains("\"excess D\"", "\"−(excess D + R)\"");
      assertThat(figure.csv().columns()).contains("excess").doesNotContain("distortion");
      assertThat(figure.csv().rows()).hasSize(2);
      double lowest = Double.POSITIVE_INFINITY;
      double least = Double.POSITIVE_INFINITY;
      for (int row = 0; row < 2; row++) {
        lowest = Math.min(lowest, number(figure.csv(), row, "excess"));
        least = Math.min(least, number(results, row, "excess"));
      }
      assertThat(lowest).isCloseTo(least, within(1e-9));
    }
  }

  private static double number(QueryResult table, int row, String column) {
    return table.value(row, column) instanceof Number n ? n.doubleValue() : Double.NaN;
  }
}
