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

/** Figure 8 from generated records: the drawn means, and the ceiling log N. */
class InformationFigureTest {
  @TempDir Path folder;

  @Test
  void drawsMeansAndTheCeiling() throws Exception {
    Study study =
        Generated.study("information", List.of("cv:0.1"), List.of(1), List.of(0.1, 1.0), 2);
    RecordStore store = RecordStore.at(folder);
    double sum = 0;
    for (RunSpec run : study.runs()) {
      RunRecord plain = Generated.finished(run);
      List<Estimate> estimates = new ArrayList<>(plain.estimates());
      double nats = 5 + run.seed() + run.objective().betaKl();
      for (Subset subset : Subset.values()) {
        estimates.add(new Estimate("mutualInformation", subset, nats, 0.1, Estimate.NATS, 100));
        estimates.add(new Estimate("mutualInformationBatch", subset, 99, 0.1, Estimate.NATS, 100));
        estimates.add(new Estimate("marginalKlBatch", subset, 1, 0.1, Estimate.NATS, 100));
      }
      sum += run.objective().betaKl() == 1 ? nats / 2 : 0;
      store.write(Generated.with(plain, estimates));
    }
    try (Records records = Records.open(Suite.of(study), store)) {
      DrawnFigure figure = Figure.find("information-beta", folder).draw(Suite.of(study), records);
      QueryResult table = figure.table();
      double drawn = Double.NaN;
      double ceiling = Double.NaN;
      int batchRows = 0;
      for (int row = 0; row < table.rows().size(); row++) {
        Object kind = table.value(row, "kind");
        Object quantity = table.value(row, "dash_label");
        if ("point".equals(kind)
            && "mutual information".equals(quantity)
            && "test".equals(table.value(row, "subset"))
            && Double.valueOf(1).equals(table.value(row, "x"))) {
          drawn = number(table.value(row, "y"));
        }
        if ("ceiling".equals(kind)) {
          ceiling = number(table.value(row, "y"));
        }
        batchRows += "point".equals(kind) && "marginal KL".equals(quantity) ? 1 : 0;
      }
      assertThat(drawn).as("the exact estimate is preferred").isCloseTo(sum, within(1e-12));
      int train =
          study.runs().isEmpty()
              ? 0
              : Generated.finished(study.runs().getFirst()).provenance().trainExamples();
      assertThat(ceiling).isCloseTo(Math.log(train), within(1e-12));
      assertThat(batchRows).as("the batch estimate where there is no other").isEqualTo(4);
      assertThat(figure.svg()).contains("<svg").contains("log N");
      QueryResult small =
          records.query(
              """
              with selection as (
                select 'test' as subset, 1 as x, 1 as y, 700 as train_examples, 300 as test_examples
              )
              from ceilings(selection)
              """);
      assertThat(number(small.value(0, "y")))
          .as("the test set is the smaller one")
          .isCloseTo(Math.log(300), within(1e-12));
    }
  }

  private static double number(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Number n ? n.doubleValue() : Double.NaN;
  }
}
