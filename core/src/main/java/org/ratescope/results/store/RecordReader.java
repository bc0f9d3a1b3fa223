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
import org.ratescope.results.CurvePoint;
import org.ratescope.results.Estimate;
import org.ratescope.results.LossPoint;
import org.ratescope.results.Outcome;
import org.ratescope.results.Picture;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.RunSummary;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Subset;
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
      if (!(format >= 1 && format <= RecordJson.FORMAT)) {
        throw new IOException(
            "record format %d; this version reads the formats 1 to %d"
                .formatted(format, RecordJson.FORMAT));
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
          list(
              root.path("curve"),
              p ->
                  new CurvePoint(
                      p.required("step").intValue(),
                      subset(p),
                      number(p, "distortion"),
                      number(p, "rate"))),
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
    Map<String, String> texts = new HashMap<>();
    for (RunField<?> field : RunFields.WRITTEN) {
      JsonNode value = n.path(field.name());
      if (value.isValueNode()) {
        texts.put(field.key(), value.asText());
      }
    }
    return RunFields.run(texts);
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

  /** The training or the test set; a record of format 1 calls it a half. */
  private static Subset subset(JsonNode n) {
    return Subset.parse(n.required(n.has("half") ? "half" : "subset").textValue());
  }

  /** How it was estimated, in the words of format 2. */
  private static String settings(String text) {
    return text.replace("of the train half", "of the training set")
        .replace("of the test half", "of the test set");
  }

  private static Estimate readEstimate(JsonNode n) {
    return new Estimate(
        n.required("name").textValue(),
        subset(n),
        number(n, "value"),
        number(n, "standardError"),
        n.required("unit").textValue(),
        n.required("examples").intValue(),
        settings(n.path("settings").asText("")));
  }

  /** A number; null is one that is not finite, for which earlier versions wrote a text. */
  private static double number(JsonNode node, String field) {
    JsonNode value = node.required(field);
    return value.isNull() ? Double.NaN : value.asDouble();
  }

  private static Picture readPicture(JsonNode n) {
    return new Picture(
        n.required("name").textValue(),
        subset(n),
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
