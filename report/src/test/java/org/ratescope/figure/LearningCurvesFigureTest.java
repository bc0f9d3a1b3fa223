package org.ratescope.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.results.CurvePoint;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Learning curves as a table and as a figure, from made-up numbers. */
class LearningCurvesFigureTest {
  @TempDir Path folder;

  private static final Study STUDY =
      Generated.study("learning", List.of("cv:0.5"), List.of(1), List.of(0.1, 1.0), 3);

  /** The third restart of each has the curve of an older version: none. */
  private static RunRecord record(RunSpec run) {
    RunRecord plain = Generated.finished(run);
    List<CurvePoint> curve = new ArrayList<>();
    for (int step = 0; step <= 20 && run.seed() < 3; step += 10) {
      for (Subset subset : Subset.values()) {
        double distortion = 40 - step + 2 * run.seed() + (subset == Subset.TEST ? 5 : 0);
        curve.add(new CurvePoint(step, subset, distortion, step * run.objective().betaKl()));
      }
    }
    return new RunRecord(
        run,
        plain.outcome(),
        plain.evaluation(),
        plain.estimates(),
        plain.trace(),
        curve,
        plain.pictures(),
        plain.provenance());
  }

  @Test
  void meansOverRestartsAtEachStep() throws Exception {
    RecordStore store = RecordStore.at(folder);
    for (RunSpec run : STUDY.runs()) {
      store.write(record(run));
    }
    try (Records records = Records.open(Suite.of(STUDY), store)) {
      assertThat(records.query("select * from learning_curves").rows()).hasSize(2 * 2 * 3 * 2);
      DrawnFigure figure = Figure.find("learning-curves", folder).draw(Suite.of(STUDY), records);
      QueryResult table = figure.table();
      assertThat(table.rows()).hasSize(2 * 2 * 2);
      for (int row = 0; row < table.rows().size(); row++) {
        double step = number(table, row, "step");
        boolean test = "test".equals(table.value(row, "subset"));
        assertThat(number(table, row, "restarts")).isEqualTo(2);
        assertThat(number(table, row, "distortion"))
            .isCloseTo(43 - step + (test ? 5 : 0), within(1e-12));
        assertThat(number(table, row, "rate"))
            .isCloseTo(step * number(table, row, "weight"), within(1e-12));
      }
      assertThat(figure.svg()).contains("<svg").contains("Updates");
      assertThat(figure.remarks()).isEmpty();
    }
  }

  /** A diverged run and its repeat in float64 are one restart. */
  @Test
  void aRepeatReplacesTheDivergedRun() throws Exception {
    Study repeated =
        Generated.with(STUDY, STUDY.priors(), STUDY.trainings(), Optional.of(Precision.FLOAT64));
    RunSpec diverged = repeated.runs().getFirst();
    RunSpec repeat = repeated.repeatOf(diverged).orElseThrow();
    RecordStore store = RecordStore.at(folder);
    RunRecord ended = Generated.ended(diverged, new Outcome.Diverged(300));
    store.write(
        new RunRecord(
            diverged,
            ended.outcome(),
            ended.evaluation(),
            ended.estimates(),
            ended.trace(),
            record(diverged).curve(),
            ended.pictures(),
            ended.provenance()));
    for (String name : List.of("learning-curves", "training")) {
      try (Records records = Records.open(Suite.of(repeated), store)) {
        assertThat(Figure.find(name, folder).draw(Suite.of(repeated), records).table().rows())
            .as("%s: no repeat yet", name)
            .isNotEmpty();
      }
    }
    store.write(record(repeat));
    try (Records records = Records.open(Suite.of(repeated), store)) {
      QueryResult curves =
          Figure.find("learning-curves", folder).draw(Suite.of(repeated), records).table();
      for (int row = 0; row < curves.rows().size(); row++) {
        assertThat(number(curves, row, "restarts")).isEqualTo(1);
      }
      QueryResult losses =
          Figure.find("training", folder).draw(Suite.of(repeated), records).table();
      assertThat(number(losses, 0, "distortion"))
          .isCloseTo(firstMean(record(repeat).trace(), repeat), within(1e-9));
    }
  }

  /** The mean of the losses in the first fortieth of the training. */
  private static double firstMean(List<LossPoint> trace, RunSpec run) {
    return trace.stream()
        .filter(point -> point.step() * 40 / run.training().iterations() == 0)
        .mapToDouble(LossPoint::distortion)
        .average()
        .orElseThrow();
  }

  @Test
  void withoutCurvesThereIsAMessage() throws Exception {
    RecordStore store = RecordStore.at(folder);
    store.write(record(STUDY.runs().getLast()));
    try (Records records = Records.open(Suite.of(STUDY), store)) {
      DrawnFigure figure = Figure.find("learning-curves", folder).draw(Suite.of(STUDY), records);
      assertThat(figure.table().rows()).isEmpty();
      assertThat(figure.svg()).contains("<svg");
    }
  }

  private static double number(QueryResult table, int row, String column) {
    return table.value(row, column) instanceof Number n ? n.doubleValue() : Double.NaN;
  }
}
