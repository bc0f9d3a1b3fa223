package org.ratescope.results.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Picture;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.RunSummary;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Subset;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.study.Detail;
import org.ratescope.study.Evaluation;

/** Reads records from JSON, the form that docs/record-format.md describes. */
public final class RecordReader {
  private static final Set<String> HEAD = Set.of("run", "outcome", "evaluation", "provenance");
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build());

  private RecordReader() {}

  /**
   * Reads what {@link RecordJson#write} wrote.
   *
   * @throws IOException if the text is no record of this format, saying what is wrong
   */
  public static RunRecord record(String text) throws IOException {
    try {
      JsonNode root = MAPPER.readTree(text);
      int format = root.required("format").intValue();
      if (format != RecordJson.FORMAT) {
        throw new IOException(
            "record format %d, this version reads %d".formatted(format, RecordJson.FORMAT));
      }
      RunSpec spec = readSpec(root.required("spec"));
      if (!spec.id().hex().equals(root.required("run").textValue())) {
        throw new IOException(
            "run id %s does not belong to its spec (%s)"
                .formatted(root.required("run").textValue(), spec.id()));
      }
      return new RunRecord(
          spec,
          readOutcome(root.required("outcome")),
          readEvaluation(root.required("evaluation")),
          list(root.required("estimates"), RecordReader::readEstimate),
          list(
              root.required("trace"),
              p ->
                  new LossPoint(
                      p.required("step").intValue(), number(p, "distortion"), number(p, "rate"))),
          list(root.required("pictures"), RecordReader::readPicture),
          readProvenance(root.required("provenance")));
    } catch (IllegalArgumentException | NullPointerException | JsonProcessingException e) {
      throw new IOException("not a record: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the head of a sealed record, and no further than it must.
   *
   * @throws IOException if it is none of that run
   */
  static RunSummary summary(byte[] bytes, RunId run) throws IOException {
    Map<String, JsonNode> head = new HashMap<>();
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      parser.nextToken();
      while (!head.keySet().containsAll(HEAD) && parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (HEAD.contains(name)) {
          head.put(name, MAPPER.readTree(parser));
        } else {
          parser.skipChildren();
        }
      }
      if (!run.hex().equals(required(head, "run").asText())) {
        throw new IOException("the record is of run " + required(head, "run").asText());
      }
      return new RunSummary(
          readOutcome(required(head, "outcome")),
          readEvaluation(required(head, "evaluation")),
          readProvenance(required(head, "provenance")));
    } catch (IllegalArgumentException | NullPointerException | JsonProcessingException e) {
      throw new IOException("not a record: " + e.getMessage(), e);
    }
  }

  private static JsonNode required(Map<String, JsonNode> head, String field) throws IOException {
    JsonNode node = head.get(field);
    if (node == null) {
      throw new IOException("not a record: it has no field " + field);
    }
    return node;
  }

  private static RunSpec readSpec(JsonNode n) {
    return new RunSpec(
        DataSpec.parse(n.required("data").textValue()),
        Split.parse(n.required("split").textValue()),
        Architecture.parse(n.required("architecture").textValue()),
        n.required("latentSize").intValue(),
        Likelihood.parse(n.required("likelihood").textValue()),
        new Objective(n.required("betaMi").doubleValue(), n.required("betaKl").doubleValue()),
        new Training(
            n.required("iterations").intValue(),
            n.required("batch").intValue(),
            n.required("learningRate").doubleValue(),
            Precision.parse(n.required("precision").textValue()),
            Stopping.parse(n.path("stopping").asText("never"))),
        n.required("seed").longValue());
  }

  private static Outcome readOutcome(JsonNode n) throws IOException {
    int step = n.required("step").intValue();
    return switch (n.required("kind").textValue()) {
      case "finished" -> new Outcome.Finished(step, n.path("weightsOf").asInt(step));
      case "diverged" -> new Outcome.Diverged(step);
      case "failed" -> new Outcome.Failed(step, n.required("message").textValue());
      default -> throw new IOException("unknown outcome " + n.required("kind"));
    };
  }

  private static Evaluation readEvaluation(JsonNode n) {
    return new Evaluation(
        list(n.required("estimators"), JsonNode::textValue),
        n.required("examples").intValue(),
        list(n.path("details"), detail -> Detail.parse(detail.textValue())));
  }

  private static Estimate readEstimate(JsonNode n) {
    return new Estimate(
        n.required("name").textValue(),
        Subset.parse(n.required("half").textValue()),
        number(n, "value"),
        number(n, "standardError"),
        n.required("unit").textValue(),
        n.required("examples").intValue(),
        n.path("settings").asText(""));
  }

  /** A number; null is one that is not finite, for which earlier versions wrote a text. */
  private static double number(JsonNode node, String field) {
    JsonNode value = node.required(field);
    return value.isNull() ? Double.NaN : value.asDouble();
  }

  private static Picture readPicture(JsonNode n) {
    return new Picture(
        n.required("name").textValue(),
        Subset.parse(n.required("half").textValue()),
        n.required("index").intValue(),
        n.required("distance").asDouble(),
        n.required("original").textValue(),
        n.required("neighbour").textValue(),
        n.required("reconstruction").textValue());
  }

  private static Provenance readProvenance(JsonNode n) {
    return new Provenance(
        n.required("ratescope").textValue(),
        n.required("jvm").textValue(),
        n.required("libtorch").textValue(),
        n.required("blas").textValue(),
        n.required("device").textValue(),
        n.required("dataSha256").textValue(),
        n.path("splitSha256").asText(""),
        n.required("trainExamples").intValue(),
        n.required("testExamples").intValue(),
        list(n.required("cohort"), id -> new RunId(id.textValue())));
  }

  private interface Reader<T> {
    T read(JsonNode node);
  }

  private static <T> List<T> list(JsonNode array, Reader<T> reader) {
    List<T> values = new ArrayList<>(array.size());
    array.forEach(node -> values.add(reader.read(node)));
    return values;
  }
}
