package org.ratescope.results.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.ratescope.results.CurvePoint;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Picture;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunSpec;

/**
 * Writes records as JSON, the form that docs/record-format.md describes and {@link RecordReader}
 * reads.
 */
public final class RecordJson {
  static final int FORMAT = 2;
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private RecordJson() {}

  public static String write(RunRecord record) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT).put("run", record.id().hex());
    root.set("spec", spec(record.spec()));
    root.set("outcome", outcome(record.outcome()));
    ObjectNode evaluation = root.putObject("evaluation");
    record.evaluation().estimators().forEach(evaluation.putArray("estimators")::add);
    evaluation.put("examples", record.evaluation().examples());
    if (!record.evaluation().details().isEmpty()) {
      ArrayNode details = evaluation.putArray("details");
      record.evaluation().details().forEach(detail -> details.add(detail.text()));
    }
    root.set(
        "provenance",
        provenance(record.provenance())); // the head ends here, see RecordReader.summary
    root.set("estimates", estimates(record.estimates()));
    ArrayNode trace = root.putArray("trace");
    for (LossPoint p : record.trace()) {
      ObjectNode point = trace.addObject().put("step", p.step());
      put(point, "distortion", p.distortion());
      put(point, "rate", p.rate());
    }
    if (!record.curve().isEmpty()) {
      ArrayNode curve = root.putArray("curve");
      for (CurvePoint p : record.curve()) {
        curve
            .addObject()
            .put("step", p.step())
            .put("subset", p.subset().text())
            .put("distortion", p.distortion())
            .put("rate", p.rate());
      }
    }
    ArrayNode pictures = root.putArray("pictures");
    for (Picture p : record.pictures()) {
      pictures
          .addObject()
          .put("name", p.name())
          .put("subset", p.subset().text())
          .put("index", p.index())
          .put("distance", p.distance())
          .put("original", p.original())
          .put("neighbour", p.neighbour())
          .put("reconstruction", p.reconstruction());
    }
    try {
      return MAPPER.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  private static ObjectNode spec(RunSpec spec) {
    ObjectNode node = MAPPER.createObjectNode();
    for (RunField<?> field : RunFields.WRITTEN) {
      if (!field.isOmitted(spec)) {
        node.putPOJO(field.name(), field.plain(spec));
        for (RunField.Part part : field.parts()) {
          Object value = part.value().apply(spec);
          if (value != null) {
            node.putPOJO(part.name(), value);
          }
        }
      }
    }
    return node;
  }

  private static ObjectNode outcome(Outcome outcome) {
    ObjectNode node =
        MAPPER.createObjectNode().put("kind", outcome.word()).put("step", outcome.step());
    switch (outcome) {
      case Outcome.Finished finished -> {
        if (finished.weightsOf() != finished.step()) {
          node.put("weightsOf", finished.weightsOf());
        }
      }
      case Outcome.Failed failed -> node.put("message", failed.message());
      case Outcome.Diverged diverged -> {}
    }
    return node;
  }

  /** JSON has no other numbers than finite ones: null keeps a column of numbers what it is. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  private static ArrayNode estimates(List<Estimate> estimates) {
    ArrayNode nodes = MAPPER.createArrayNode();
    for (Estimate e : estimates) {
      ObjectNode node = nodes.addObject().put("name", e.name()).put("subset", e.subset().text());
      put(node, "value", e.value());
      put(node, "standardError", e.standardError());
      node.put("unit", e.unit()).put("examples", e.examples()).put("settings", e.settings());
    }
    return nodes;
  }

  private static ObjectNode provenance(Provenance provenance) {
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("ratescope", provenance.ratescope())
            .put("jvm", provenance.jvm())
            .put("libtorch", provenance.libtorch())
            .put("blas", provenance.blas())
            .put("device", provenance.device())
            .put("dataSha256", provenance.dataSha256());
    if (!provenance.splitSha256().isEmpty()) {
      node.put("splitSha256", provenance.splitSha256());
    }
    node.put("trainExamples", provenance.trainExamples())
        .put("testExamples", provenance.testExamples());
    ArrayNode cohort = node.putArray("cohort");
    provenance.cohort().forEach(id -> cohort.add(id.hex()));
    return node;
  }
}
