package org.ratescope.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.figure.GeneratedDetails;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * The tables about data and single examples: what they hold, and that they are read when asked for.
 */
class DetailTablesTest {
  private static final Study STUDY = GeneratedDetails.study();

  @TempDir static Path folder;
  private static RecordStore store = RecordStore.at(Path.of("no such folder"));

  @BeforeAll
  static void write() throws IOException {
    store = GeneratedDetails.write(STUDY, RecordStore.at(folder));
  }

  private static Object one(Records records, String sql) throws QueryException {
    return Objects.requireNonNull(records.query(sql).rows().getFirst().getFirst());
  }

  @Test
  void examplesAreThoseOfTheFiles() throws Exception {
    try (Records records = Records.open(Suite.of(STUDY), store)) {
      for (RunSpec run : STUDY.runs()) {
        List<ExampleDetails.Example> expected = GeneratedDetails.examples(run).examples();
        QueryResult rows =
            records.query(
                "select idx, nn_distance, x_mu, xhat_x, xhat_mu, bce_x, bce_mu, perplexity,"
                    + " largest_weight,"
                    + " heaviest from examples where subset = 'test' and run = '%s' order by idx"
                        .formatted(run.id()));
        assertThat(rows.rows()).hasSize(GeneratedDetails.EXAMPLES);
        for (int i = 0; i < expected.size(); i += 37) {
          ExampleDetails.Example e = expected.get(i);
          assertThat(rows.rows().get(i))
              .containsExactly(
                  (long) e.index(),
                  e.neighbourDistance(),
                  e.imageToMu(),
                  e.reconstructionToImage(),
                  e.reconstructionToMu(),
                  e.distortionOfImage(),
                  e.distortionOfMu(),
                  e.perplexity(),
                  e.largestWeight(),
                  (long) e.heaviest());
        }
      }
      assertThat(one(records, "select count(*) from example_pictures"))
          .isEqualTo(STUDY.runs().size() * 11L * 6);
    }
  }

  /** As docs/record-format.md shows it: the files are tables to DuckDB without Ratescope. */
  @Test
  void duckDbReadsTheFilesThemselves() throws Exception {
    try (Records records = Records.openWithFiles(Suite.of(STUDY), store)) {
      Path files = store.details(Detail.MEMORISATION).resolve("*.json");
      QueryResult rows =
          records.query(
              "select run, unnest(examples, recursive := true) from '%s'"
                  .formatted(files.toAbsolutePath()));
      assertThat(rows.rows()).hasSize(STUDY.runs().size() * GeneratedDetails.EXAMPLES);
      assertThat(rows.columns()).contains("run", "index", "neighbourDistance", "largestWeight");
    }
  }

  @Test
  void countsOfHistogramsAddUp() throws Exception {
    try (Records records = Records.open(Suite.of(STUDY), store)) {
      QueryResult sums =
          records.query(
              "select sum(\"count\")::bigint as n, any_value(s.examples) as examples from"
                  + " neighbour_distances d join neighbour_summary s using (\"data\", split) group"
                  + " by \"data\", split");
      assertThat(sums.rows())
          .as("of all images at 32×32, and of a sample at the study's size")
          .hasSize(10)
          .allMatch(row -> Objects.equals(row.get(0), row.get(1)));
      QueryResult factors =
          records.query(
              "select sum(\"count\")::bigint as n, any_value(examples) as examples from sensitivity"
                  + " group by factor");
      assertThat(factors.rows()).hasSize(5).allMatch(row -> Objects.equals(row.get(0), row.get(1)));
      assertThat(
              one(
                  records,
                  "select count(*) from splits where train = paper_train and test = paper_test"))
          .isEqualTo(16L);
    }
  }

  /** A file that cannot be read is noticed exactly when its table is asked for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select count(*) from examples",
        "from examples",
        "select * from runs, examples where runs.run = examples.run limit 1",
        "with e as (select 1) select * from e join\n  \"examples\" on true limit 1",
        "describe examples",
        "select * from /* a remark */ examples limit 1",
        "select * from -- a remark\n examples limit 1",
        "select * from example_pictures limit 1"
      })
  void aTableIsReadWhenAQueryNamesIt(String sql, @TempDir Path own) throws Exception {
    RecordStore damaged = GeneratedDetails.write(STUDY, RecordStore.at(own));
    Path file = damaged.detailFile(Detail.MEMORISATION, STUDY.runs().getFirst().id());
    Files.writeString(file, Files.readString(file).substring(0, 100));
    try (Records records = Records.open(Suite.of(STUDY), damaged)) {
      QueryResult unused =
          records.query(
              "select subset, min(examples) as low from results where examples is not null group by"
                  + " subset");
      assertThat(records.warnings()).isEmpty();
      QueryResult answer = records.query(sql);
      assertThat(answer.rows()).isNotEmpty();
      assertThat(records.warnings()).singleElement().asString().startsWith(file + ": not a record");
      assertThat(one(records, "select count(distinct run) from examples"))
          .isEqualTo(STUDY.runs().size() - 1L);
    }
  }

  @Test
  void aDamagedDataRecordIsNamedAndTheOthersAreThere(@TempDir Path own) throws Exception {
    RecordStore damaged = GeneratedDetails.write(STUDY, RecordStore.at(own));
    Path file = damaged.dataFile(Analysis.of(STUDY).getFirst());
    Files.writeString(file, "{}");
    try (Records records = Records.open(Suite.of(STUDY), damaged)) {
      assertThat(one(records, "select count(*) from splits")).isEqualTo(16L);
      assertThat(records.warnings()).singleElement().asString().startsWith(file + ": ");
    }
  }

  @Test
  void withoutRecordsTheTablesAreEmpty(@TempDir Path own) throws Exception {
    try (Records records = Records.open(Suite.of(STUDY), RecordStore.at(own))) {
      for (String table :
          List.of(
              "splits",
              "split_points",
              "neighbour_summary",
              "neighbour_distances",
              "data_pictures",
              "sensitivity",
              "examples",
              "example_pictures",
              "latent_plane",
              "latent_codes")) {
        assertThat(one(records, "select count(*) from " + table)).as(table).isEqualTo(0L);
      }
      assertThat(records.warnings()).isEmpty();
    }
  }
}
