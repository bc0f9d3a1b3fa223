package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/**
 * The parts of the generalisation gap, and the curves without the encoder, from made-up numbers.
 */
class GapFiguresTest {
  @TempDir Path folder;

  @Test
  void partsAddUpAndCurvesHaveTheirPoints() throws Exception {
    Study study =
        Generated.study(
            "gap",
            List.of("cv:0.5", "cv:0.1", "cv:0.1/without:1of2"),
            List.of(1),
            List.of(0.1, 1.0),
            2);
    RecordStore store = RecordStore.at(folder);
    for (RunSpec run : study.runs()) {
      store.write(record(run));
    }
    try (Records records = Records.open(Suite.of(study), store)) {
      QueryResult gap = Figure.find("gap-split", folder).draw(Suite.of(study), records).table();
      assertThat(gap.rows()).hasSize(2 * 2 * 3); // the run without a fold is not drawn
      for (int row = 0; row < gap.rows().size(); row += 3) {
        double beta = number(gap, row, "weight");
        assertThat(number(gap, row, "value")).as("decoder").isCloseTo(4 + beta, within(1e-9));
        assertThat(number(gap, row + 1, "value")).as("encoder").isCloseTo(1.5, within(1e-9));
        assertThat(number(gap, row + 2, "value")).as("total").isCloseTo(5.5 + beta, within(1e-9));
        assertThat(number(gap, row, "standard_error")).as("of restarts 0 and 1").isEqualTo(0.5);
        assertThat(number(gap, row, "restarts")).isEqualTo(2);
      }
      QueryResult byPrior = Figure.find("prior-gap", folder).draw(Suite.of(study), records).table();
      assertThat(byPrior.rows()).hasSameSizeAs(gap.rows());
      for (int row = 0; row < gap.rows().size(); row++) {
        assertThat(byPrior.value(row, "column_label")).isEqualTo("Standard normal");
        assertThat(byPrior.value(row, "row_label").toString())
            .contains(String.valueOf(gap.value(row, "row_label")).split(",", 2)[0], "1-layer MLP");
        assertThat(number(byPrior, row, "value")).isEqualTo(number(gap, row, "value"));
      }
      DrawnFigure frontier = Figure.find("rd-frontier", folder).draw(Suite.of(study), records);
      QueryResult curve = frontier.table();
      assertThat(curve.rows()).hasSize(2 * 2 * 4);
      for (int row = 0; row < curve.rows().size(); row++) {
        boolean encoder = "encoder".equals(curve.value(row, "kind"));
        double t = encoder ? 3 : number(curve, row, "t");
        assertThat(number(curve, row, "rate")).isCloseTo(10 * t, within(1e-9));
        assertThat(number(curve, row, "distortion")).isCloseTo(50 - t, within(1e-9));
        assertThat(curve.value(row, "weight_label"))
            .as("a text, by which the report emphasises the entry of a legend")
            .isEqualTo(number(curve, row, "weight") == 1 ? "1" : "0.1");
      }
      assertThat(frontier.svg()).contains("<svg").contains("Rate (nats per example)");
      assertThat(records.query("select * from results").rows()).hasSize(2 * 2 * 2 * 2);
      assertThat(records.query("select * from runs where fold = 1").rows()).hasSize(2 * 2);
    }
  }

  private static RunRecord record(RunSpec run) {
    RunRecord plain = Generated.finished(run);
    List<Estimate> estimates = new ArrayList<>(plain.estimates());
    for (Subset subset : Subset.values()) {
      double test = subset == Subset.TEST ? 1 : 0;
      double refitted = -80 - test * (4 + run.objective().betaKl() + run.seed() - 1.5);
      double gap = 2 + test * 1.5;
      Map.of(
              "amortizationGap", gap,
              "amortizationGap.refittedElbo", refitted,
              "amortizationGap.elbo", refitted - gap,
              "rdFrontier.rate.0", 0.0,
              "rdFrontier.distortion.0", 50.0,
              "rdFrontier.rate.0.1", 1.0,
              "rdFrontier.distortion.0.1", 49.9,
              "rdFrontier.rate.10", 100.0,
              "rdFrontier.distortion.10", 40.0)
          .forEach((name, value) -> add(estimates, name, subset, value));
      add(estimates, "rdFrontier.rate.encoder", subset, 30);
      add(estimates, "rdFrontier.distortion.encoder", subset, 47);
    }
    return Generated.with(plain, estimates);
  }

  private static void add(List<Estimate> estimates, String name, Subset subset, double value) {
    estimates.add(new Estimate(name, subset, value, 0.1, Estimate.NATS, 64));
  }

  private static double number(QueryResult table, int row, String column) {
    return table.value(row, column) instanceof Number n ? n.doubleValue() : Double.NaN;
  }
}
