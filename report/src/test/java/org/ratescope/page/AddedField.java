package org.ratescope.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ratescope.figure.Generated;
import org.ratescope.live.LivePageFields;
import org.ratescope.plan.Planner;
import org.ratescope.progress.TrackerFields;
import org.ratescope.results.store.RecordJson;
import org.ratescope.results.store.RecordReader;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.sql.QueryResult;
import org.ratescope.sql.Records;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * The process of {@link AddedFieldTest}: prints what each place shows of two runs that differ in
 * their seeds, 1 and 2, and so in the field that the test has added.
 */
final class AddedField {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private AddedField() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Study study = Generated.study("two", List.of("default"), List.of(1), List.of(1.0), 2);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    ObjectNode found = MAPPER.createObjectNode();
    found.put("cohorts", Planner.of(store, 1).plan(Suite.of(study)).cohorts().size());
    Generated.write(study, store);
    try (Records records = Records.open(Suite.of(study), store)) {
      JsonNode report = report(records);
      for (RunSpec run : study.runs()) {
        found.set("seed " + run.seed(), of(run, records, report));
      }
      found.set("settings", MAPPER.valueToTree(StudySettings.rows(study)));
      found.set("fields of the report", block(records, "fields-data"));
      found.set("estimates of the report", block(records, "estimates-data").get("columns"));
      found.set("fields of the live page", LivePageFields.grouping());
    }
    System.out.println(MAPPER.writeValueAsString(found));
  }

  private static ObjectNode of(RunSpec run, Records records, JsonNode report) throws Exception {
    ObjectNode node = MAPPER.createObjectNode();
    String json = RecordJson.write(Generated.finished(run));
    node.put("text", run.canonical());
    node.put("readBack", RunSpec.parse(run.canonical()).equals(run));
    node.set("record", MAPPER.readTree(json).get("spec"));
    node.put("recordReadBack", RecordReader.record(json).spec().equals(run));
    node.set("row", row(records, "runs", run));
    node.set("panel", row(records, "panels", run));
    node.set("tracker", MAPPER.valueToTree(TrackerFields.of(run)));
    node.set("live", LivePageFields.of(run));
    for (JsonNode shown : report.get("rows")) {
      if (shown.get(0).asText().equals(run.id().hex())) {
        node.set("report", shown);
      }
    }
    return node;
  }

  private static JsonNode row(Records records, String table, RunSpec run) throws Exception {
    QueryResult result =
        records.query("select * from %s where run = '%s'".formatted(table, run.id().hex()));
    ObjectNode row = MAPPER.createObjectNode();
    for (String column : result.columns()) {
      row.put(column, String.valueOf(result.value(0, column)));
    }
    return row;
  }

  private static JsonNode report(Records records) throws IOException {
    return block(records, "runs-data");
  }

  private static JsonNode block(Records records, String name) throws IOException {
    return MAPPER.readTree(new PageData(records, List.of()).blocks().get(name));
  }
}
