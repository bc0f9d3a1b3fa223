package org.ratescope.results.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Picture;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Stopping;

/**
 * Writes records as JSON, the form that docs/record-format.md describes and {@link RecordReader}
 * reads.
 */
public final class RecordJson {
  static final int FORMAT = 1;
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
    ArrayNode pictures = root.putArray("pictures");
    for (Picture p : record.pictures()) {
      pictures
          .addObject()
          .put("name", p.name())
          .put("half", p.half().text())
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
    ObjectNode node =
        MAPPER
            .createObjectNode()
            .put("data", spec.data().text())
            .put("split", spec.split().text())
            .put("architecture", spec.architecture().text())
            .put("layers", spec.architecture().layers())
            .put("latentSize", spec.latentSize())
            .put("likelihood", spec.likelihood().text())
            .put("betaMi", spec.objective().betaMi())
            .put("betaKl", spec.objective().betaKl())
            .put("iterations", spec.training().iterations())
            .put("batch", spec.training().batch())
            .put("learningRate", spec.training().learningRate())
            .put("precision", spec.training().precision().text())
            .put("seed", spec.seed());
    switch (spec.training().stopping()) {
      case Stopping.Never never -> {}
      case Stopping.Patience patience -> node.put("stopping", patience.text());
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
      ObjectNode node = nodes.addObject().put("name", e.name()).put("half", e.half().text());
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
