package org.ratescope.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ratescope.figure.Generated;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunField.Role;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/** Each field of a run has its SQL columns and is in the tables and figures of the report. */
class RunFieldsOnPagesTest {
  private static final RunSpec RUN = Generated.small(1).runs().getFirst();

  /** For each field a value that RUN does not have. A new field needs one here. */
  private static final Map<String, String> OTHER =
      Map.ofEntries(
          Map.entry("data", "tetrominoes:preset=published,shape=J,resolution=8"),
          Map.entry("split", "cd:0.1"),
          Map.entry("architecture", "cnn:2x16"),
          Map.entry("latent", "3"),
          Map.entry("likelihood", "gaussian:0.1"),
          Map.entry("prior", "mixture:8"),
          Map.entry("betaMi", "0.25"),
          Map.entry("betaKl", "0.125"),
          Map.entry("stopping", "patience:3,every=10,validation=0.2"),
          Map.entry("iterations", "600"),
          Map.entry("batch", "5"),
          Map.entry("learningRate", "0.002"),
          Map.entry("precision", "float64"),
          Map.entry("products", "bf16"),
          Map.entry("seed", "-7"));

  private static final Set<RunField<?>> ALONG_THE_CURVE =
      Set.of(RunFields.BETA_MI, RunFields.BETA_KL);

  @TempDir static Path folder;
  private static Records records = records(RecordStore.at(Path.of("no such folder")));

  static List<RunField<?>> written() {
    return RunFields.WRITTEN;
  }

  private static RunSpec differing(RunField<?> field) {
    Map<String, String> texts = new HashMap<>();
    RunFields.WRITTEN.forEach(each -> texts.put(each.key(), each.textOf(RUN)));
    texts.put(field.key(), other(field));
    return RunFields.run(texts);
  }

  private static String other(RunField<?> field) {
    return Objects.requireNonNull(OTHER.get(field.key()), "a value for " + field.key());
  }

  private static Study study(String name, RunSpec run) {
    return new Study(
        name,
        name,
        run.data(),
        List.of(run.split()),
        List.of(run.architecture()),
        List.of(run.latentSize()),
        List.of(run.likelihood()),
        List.of(run.prior()),
        List.of(run.objective()),
        1,
        run.seed(),
        List.of(run.training()),
        Optional.empty(),
        Generated.small(1).evaluation(),
        List.of(),
        List.of());
  }

  private static Records records(RecordStore store) {
    List<Study> studies = new ArrayList<>(List.of(study("base", RUN)));
    RunFields.WRITTEN.forEach(field -> studies.add(study(field.key(), differing(field))));
    return Records.open(Suite.of("fields", "Fields", Optional.empty(), studies, List.of()), store);
  }

  @BeforeAll
  static void write() throws Exception {
    records.close();
    RecordStore store = RecordStore.at(folder);
    store.write(Generated.finished(RUN));
    for (RunField<?> field : RunFields.WRITTEN) {
      store.write(Generated.finished(differing(field)));
    }
    records = records(store);
  }

  @AfterAll
  static void close() {
    records.close();
  }

  private static QueryResult ask(String columns, String table, RunSpec run) throws Exception {
    return records.query(
        "select %s from %s where run = '%s'".formatted(columns, table, run.id().hex()));
  }

  @ParameterizedTest
  @MethodSource("written")
  void tablesHaveEveryFieldAndItsParts(RunField<?> field) throws Exception {
    RunSpec other = differing(field);
    QueryResult row = ask("*", "runs", other);
    assertThat(String.valueOf(row.value(0, field.column()))).isEqualTo(other(field));
    if (field.isText()) {
      assertThat(row.value(0, field.column() + "_index")).isEqualTo(1L);
      assertThat(row.value(0, field.column() + "_label")).isInstanceOf(String.class);
    }
    for (RunField.Part part : field.parts()) {
      assertThat(String.valueOf(row.value(0, part.column())))
          .isEqualTo(String.valueOf(part.value().apply(other)));
    }
  }

  @ParameterizedTest
  @MethodSource("written")
  void figuresTakeNoMeanOverIt(RunField<?> field) throws Exception {
    String panel = "row_label, row_order, column_label, column_order";
    List<?> own = ask(panel, "panels", differing(field)).rows();
    List<?> base = ask(panel, "panels", RUN).rows();
    if (field.is(Role.AVERAGED)) {
      assertThat(own).isEqualTo(base);
    } else if (!ALONG_THE_CURVE.contains(field)) {
      assertThat(own).isNotEqualTo(base);
    }
  }

  @ParameterizedTest
  @MethodSource("written")
  void theReportShowsEveryField(RunField<?> field) throws Exception {
    Map<String, String> blocks = new PageData(records, List.of()).blocks();
    ObjectMapper mapper = new ObjectMapper();
    assertThat(mapper.readTree(blocks.get("fields-data")))
        .anySatisfy(entry -> assertThat(entry.get(0).asText()).isEqualTo(field.column()));
    JsonNode runs = mapper.readTree(blocks.get("runs-data"));
    int column = columns(runs).indexOf(field.column());
    RunSpec other = differing(field);
    List<String> values = new ArrayList<>();
    for (JsonNode row : runs.get("rows")) {
      if (row.get(0).asText().equals(other.id().hex())) {
        values.add(row.get(column).asText());
      }
    }
    if (field.isText()) {
      assertThat(values).hasSize(1).doesNotContain(field.labelOf(RUN));
    } else {
      assertThat(values).containsExactly(other(field));
    }
    assertThat(columns(mapper.readTree(blocks.get("estimates-data"))).contains(field.column()))
        .isEqualTo(!field.is(Role.AVERAGED));
  }

  private static List<String> columns(JsonNode table) {
    List<String> columns = new ArrayList<>();
    table.get("columns").forEach(name -> columns.add(name.asText()));
    return columns;
  }

  @ParameterizedTest
  @MethodSource("written")
  void theSettingsOfAStudyHaveEveryField(RunField<?> field) {
    RunSpec other = differing(field);
    String text =
        field.plain(other) instanceof Integer whole
            ? String.format(Locale.ROOT, "%,d", whole)
            : field.isText() ? other(field) : field.labelOf(other);
    assertThat(StudySettings.rows(study("one", other))).contains(text);
  }
}
