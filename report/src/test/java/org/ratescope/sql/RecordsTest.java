package org.ratescope.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.figure.Generated;
import org.ratescope.results.Outcome;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** The tables against the records they come from, which are generated. */
class RecordsTest {
  @TempDir static Path folder;
  private static final Study STUDY = Generated.small(3);
  private static Records records = open();

  private static Records open() {
    return Records.open(Suite.of(Generated.small(1)), RecordStore.at(Path.of("no such folder")));
  }

  @BeforeAll
  static void write() throws IOException {
    records.close();
    RecordStore store = Generated.write(STUDY, RecordStore.at(folder));
    List<RunSpec> runs = STUDY.runs();
    store.write(Generated.ended(runs.get(0), new Outcome.Diverged(77)));
    store.write(Generated.ended(runs.get(1), new Outcome.Failed(5, "no \"space\", left")));
    Files.delete(store.recordFile(runs.get(2).id()));
    Files.writeString(store.recordFile(runs.get(3).id()), "{\"format\": 1, \"run\":");
    Files.copy(store.recordFile(runs.get(5).id()), store.recordFile(runs.get(2).id()));
    records = Records.open(Suite.of(STUDY), store);
  }

  @AfterAll
  static void close() {
    records.close();
  }

  private static double number(QueryResult table, String column) {
    return (Double) Objects.requireNonNull(table.value(0, column));
  }

  @Test
  void hasOneRowForEveryRunAlsoWithoutRecord() throws QueryException {
    QueryResult table =
        records.query("select outcome, count(*) as n from runs group by 1 order by 1");
    assertThat(table.rows())
        .containsExactly(
            List.of("diverged", 1L),
            List.of("failed", 1L),
            List.of("finished", 68L),
            List.of("missing", 2L));
  }

  @Test
  void namesDamagedAndMisplacedRecords() {
    List<RunSpec> runs = STUDY.runs();
    assertThat(records.warnings())
        .hasSize(2)
        .anySatisfy(w -> assertThat(w).contains(runs.get(3).id().hex()).contains("not a record"))
        .anySatisfy(
            w -> assertThat(w).contains(runs.get(2).id().hex()).contains(runs.get(5).id().hex()));
  }

  @Test
  void keepsWhatARunIsAndHowItEnded() throws QueryException {
    RunSpec run = STUDY.runs().get(1);
    QueryResult table = records.query("select * from runs where run = '" + run.id().hex() + "'");
    assertThat(table.value(0, "data")).isEqualTo(run.data().text());
    assertThat(table.value(0, "split")).isEqualTo("cv:0.5");
    assertThat(table.value(0, "split_label")).isEqualTo("CV (82k/82k)");
    assertThat(table.value(0, "architecture_label")).isEqualTo("1-layer MLP (256 units)");
    assertThat(table.value(0, "layers")).isEqualTo(1L);
    assertThat(table.value(0, "beta")).isEqualTo(0.001);
    assertThat(table.value(0, "seed")).isEqualTo(2L);
    assertThat(table.value(0, "precision")).isEqualTo("float32");
    assertThat(table.value(0, "step")).isEqualTo(5L);
    assertThat(table.value(0, "message")).isEqualTo("no \"space\", left");
    assertThat(table.value(0, "train_examples")).isEqualTo(81_920L);
    assertThat(table.value(0, "device")).isEqualTo("cpu");
    assertThat(table.value(0, "cohort_size")).isEqualTo(1L);
  }

  @Test
  void givesTheMeansAndDeviationsOfPlainJava() throws QueryException {
    List<RunSpec> runs = STUDY.runs().subList(6, 9);
    for (Subset subset : Subset.values()) {
      double[] d = runs.stream().mapToDouble(r -> Generated.distortion(r, subset)).toArray();
      double mean = (d[0] + d[1] + d[2]) / 3;
      double squares =
          Math.pow(d[0] - mean, 2) + Math.pow(d[1] - mean, 2) + Math.pow(d[2] - mean, 2);
      QueryResult table =
          records.query(
              """
              select avg(distortion) as mean, stddev_samp(distortion) as sd from results
              where split = 'cv:0.5' and layers = 1 and beta = 0.1 and subset = '%s'
              """
                  .formatted(subset.text()));
      assertThat(number(table, "mean")).isCloseTo(mean, within(1e-9));
      assertThat(number(table, "sd")).isCloseTo(Math.sqrt(squares / 2), within(1e-9));
    }
  }

  @Test
  void holdsTraceAndPictures() throws QueryException {
    RunSpec run = STUDY.runs().getLast();
    String where = " where run = '" + run.id().hex() + "'";
    assertThat(records.query("select * from trace" + where).rows()).hasSize(50);
    QueryResult pictures = records.query("select * from pictures" + where);
    assertThat(pictures.value(0, "idx")).isEqualTo(17L);
    assertThat(pictures.value(0, "distance")).isEqualTo(3.25);
    assertThat((String) pictures.value(0, "reconstruction")).startsWith("data:image/png;base64,");
  }

  @Test
  void saysInOneLineWhatIsWrongWithAQueryAndWhere() {
    assertThatThrownBy(() -> records.query("select run,\n  beta form runs\nwhere beta > 1"))
        .isInstanceOf(QueryException.class)
        .hasMessageStartingWith("line 2: ")
        .hasMessageContaining("runs")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> records.query("select\n\n run, bta from runs"))
        .isInstanceOf(QueryException.class)
        .hasMessageStartingWith("line 3: ")
        .hasMessageContaining("bta")
        .hasMessageNotContaining("Attempting");
    assertThatThrownBy(() -> records.query("select avg(x) from nowhere"))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void aStudyWithoutAnyRecordHasOnlyMissingRuns() throws QueryException {
    try (Records none =
        Records.open(Suite.of(STUDY), RecordStore.at(folder.resolve("elsewhere")))) {
      assertThat(none.query("select distinct outcome, split_label from runs order by 2").rows())
          .containsExactly(List.of("missing", "CV 0.05"), List.of("missing", "CV 0.5"));
      assertThat(none.warnings()).isEmpty();
    }
  }
}
