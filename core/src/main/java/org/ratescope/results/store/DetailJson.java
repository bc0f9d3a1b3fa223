package org.ratescope.results.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ratescope.results.DataRecord;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.Gallery;
import org.ratescope.results.LatentPlane;
import org.ratescope.results.PriorEstimates;
import org.ratescope.spec.RunId;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;

/**
 * The JSON form of data records and of details, documented in docs/record-format.md: fields have
 * the names of the Java records' components.
 */
public final class DetailJson {
  private static final int FORMAT = 2;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  private DetailJson() {}

  public static String write(DataRecord record) {
    ObjectNode root =
        MAPPER
            .createObjectNode()
            .put("format", FORMAT)
            .put("id", record.analysis().id())
            .put("analysis", record.analysis().canonical())
            .put("dataSha256", record.dataSha256())
            .put("ratescope", record.ratescope());
    root.set("finding", MAPPER.valueToTree(record.finding()));
    return text(root);
  }

  /**
   * Reads the answer to that question.
   *
   * @throws IOException if the text is no such record, saying what is wrong
   */
  static DataRecord read(String text, Analysis analysis) throws IOException {
    JsonNode root = parse(text);
    require("analysis", analysis.canonical(), root);
    return new DataRecord(
        analysis,
        field(root, "dataSha256").asText(),
        field(root, "ratescope").asText(),
        value(field(root, "finding"), DataRecord.type(analysis)));
  }

  public static String write(Detail detail, RunId run, Object content) {
    ObjectNode root =
        MAPPER
            .createObjectNode()
            .put("format", FORMAT)
            .put("run", run.hex())
            .put("detail", detail.text());
    root.setAll((ObjectNode) MAPPER.valueToTree(content));
    return text(root);
  }

  /**
   * Reads a detail of that run.
   *
   * @throws IOException if the text is no such detail, saying what is wrong
   */
  static <T> T read(String text, Detail detail, RunId run, Class<T> type) throws IOException {
    JsonNode root = parse(text);
    require("run", run.hex(), root);
    require("detail", detail.text(), root);
    return value(((ObjectNode) root).without(List.of("format", "run", "detail", "crc32")), type);
  }

  /**
   * Checks that a file is a detail of that run. Of a sealed file, whose bytes are then known to be
   * those that were written, the head is read alone.
   *
   * @throws IOException if it is damaged or another's, saying what is wrong
   */
  static RunId check(byte[] file, Detail detail, RunId run) throws IOException {
    if (RecordChecksum.check(file)) {
      ObjectNode head = MAPPER.createObjectNode();
      try (JsonParser parser = MAPPER.createParser(file)) {
        parser.nextToken();
        while (!head.has("detail") && parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          head.put(name, parser.nextTextValue());
        }
      }
      require("run", run.hex(), head);
      require("detail", detail.text(), head);
    } else {
      Object unused = read(new String(file, StandardCharsets.UTF_8), detail, run, type(detail));
    }
    return run;
  }

  public static String write(RunId run, PriorEstimates fitted) {
    ObjectNode root = MAPPER.createObjectNode().put("format", FORMAT).put("run", run.hex());
    root.setAll((ObjectNode) MAPPER.valueToTree(fitted));
    return text(root);
  }

  /**
   * Reads the estimates of that run with that prior.
   *
   * @throws IOException if the text is something else, saying what is wrong
   */
  static PriorEstimates read(String text, RunId run, String prior) throws IOException {
    JsonNode root = parse(text);
    require("run", run.hex(), root);
    require("prior", prior, root);
    return value(
        ((ObjectNode) root).without(List.of("format", "run", "crc32")), PriorEstimates.class);
  }

  private static Class<?> type(Detail detail) {
    return switch (detail) {
      case MEMORISATION -> ExampleDetails.class;
      case LATENT_PLANE -> LatentPlane.class;
      case GALLERY -> Gallery.class;
    };
  }

  private static JsonNode parse(String text) throws IOException {
    try {
      JsonNode root = MAPPER.readTree(text);
      if (!(root instanceof ObjectNode)) {
        throw new IOException("not a record: not a JSON object");
      }
      int format = field(root, "format").asInt();
      if (!(format >= 1 && format <= FORMAT)) {
        throw new IOException(
            "format %d; this version reads the formats 1 to %d".formatted(format, FORMAT));
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new IOException("not a record: " + e.getOriginalMessage(), e);
    }
  }

  private static JsonNode field(JsonNode root, String name) throws IOException {
    JsonNode field = root.get(name);
    if (field == null) {
      throw new IOException("not a record: missing field " + name);
    }
    return field;
  }

  private static void require(String name, String wanted, JsonNode root) throws IOException {
    String came = field(root, name).asText();
    if (!came.equals(wanted)) {
      throw new IOException("%s must be %s; got %s".formatted(name, wanted, came));
    }
  }

  private static <T> T value(JsonNode node, Class<T> type) throws IOException {
    try {
      return MAPPER.treeToValue(node, type);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException("not a record: " + e.getMessage(), e);
    }
  }

  private static String text(ObjectNode root) {
    try {
      return MAPPER.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }
}
