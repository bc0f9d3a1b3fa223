package org.ratescope.model.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ratescope.dataset.format.FormatException;

/**
 * Reads the JSON of a header, token by token, so that memory stays in proportion to the tensors
 * that it declares. The rules are those of the format's reference library; beyond them, names are
 * required to be unique, which the format requires too.
 */
final class HeaderParser {
  private static final String METADATA = "__metadata__";
  private static final JsonFactory JSON = new JsonFactory();
  private static final int SHOWN = 100;

  private final String where;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private HeaderParser(String where) {
    this.where = where;
  }

  /** Parses the header of a file whose values take that many bytes. */
  static HeaderParser parse(String where, String header, long dataBytes) throws IOException {
    HeaderParser parsed = new HeaderParser(where);
    try (JsonParser json = JSON.createParser(header)) {
      parsed.read(json);
    } catch (JsonProcessingException e) {
      throw new FormatException(
          where,
          "the header is not valid JSON at character %d"
              .formatted(e.getLocation() == null ? 0 : e.getLocation().getCharOffset()),
          e);
    }
    parsed.requireCover(dataBytes);
    return parsed;
  }

  /** The texts of the header. */
  Map<String, String> metadata() {
    return metadata;
  }

  /** The tensors by name, in the order of the header. */
  Map<String, StoredTensor> tensors() {
    return tensors;
  }

  private void read(JsonParser json) throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "the header must be a JSON object");
    Set<String> names = new HashSet<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      require(names.add(name), "the header declares %s twice", shown(name));
      JsonToken value = json.nextToken();
      if (!name.equals(METADATA)) {
        tensors.put(name, tensor(name, value, json));
      } else if (value != JsonToken.VALUE_NULL) {
        readMetadata(value, json);
      }
    }
    require(json.nextToken() == null, "text follows the JSON object of the header");
  }

  private void readMetadata(JsonToken start, JsonParser json) throws IOException {
    require(start == JsonToken.START_OBJECT, METADATA + " must be a JSON object of texts");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      require(
          json.nextToken() == JsonToken.VALUE_STRING, "metadata: %s must be a text", shown(key));
      require(metadata.put(key, json.getText()) == null, "metadata has %s twice", shown(key));
    }
  }

  private StoredTensor tensor(String name, JsonToken start, JsonParser json) throws IOException {
    String tensor = "tensor " + shown(name);
    require(start == JsonToken.START_OBJECT, "%s must be a JSON object", tensor);
    FloatType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      boolean first = true;
      switch (field) {
        case "dtype" -> {
          first = type == null;
          type = type(tensor, json);
        }
        case "shape" -> {
          first = shape == null;
          shape = wholeNumbers(tensor + ": shape", json);
        }
        case "data_offsets" -> {
          first = offsets == null;
          offsets = wholeNumbers(tensor + ": data_offsets", json);
        }
        default -> json.skipChildren(); // as the reference library does
      }
      require(first, "%s has %s twice", tensor, field);
    }
    if (type == null || shape == null || offsets == null) {
      throw new FormatException(where, tensor + " must have dtype, shape and data_offsets");
    }
    require(
        offsets.size() == 2,
        "%s: data_offsets has %s numbers; expected 2",
        tensor,
        "" + offsets.size());
    return new StoredTensor(name, type, shape, offsets.get(0), offsets.get(1));
  }

  private FloatType type(String tensor, JsonParser json) throws IOException {
    boolean text = json.currentToken() == JsonToken.VALUE_STRING;
    for (FloatType type : FloatType.values()) {
      if (text && type.name().equals(json.getText())) {
        return type;
      }
    }
    throw new FormatException(
        where,
        "%s: got dtype %s; expected one of %s"
            .formatted(tensor, value(json), Arrays.toString(FloatType.values())));
  }

  private List<Long> wholeNumbers(String what, JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "%s must be a list", what);
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      boolean whole =
          json.currentToken() == JsonToken.VALUE_NUMBER_INT
              && !json.getText().startsWith("-")
              && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!whole) {
        throw new FormatException(
            where,
            "%s: got %s; expected whole numbers from 0 to %d"
                .formatted(what, value(json), Long.MAX_VALUE));
      }
      numbers.add(json.getLongValue());
    }
    return numbers;
  }

  /** The tensors must follow each other without a gap or an overlap, and fill the file. */
  private void requireCover(long dataBytes) throws FormatException {
    List<StoredTensor> sorted = new ArrayList<>(tensors.values());
    sorted.sort(Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end));
    long next = 0;
    for (StoredTensor tensor : sorted) {
      long bytes = bytes(tensor);
      if (tensor.begin() != next || tensor.end() < next || tensor.end() - next != bytes) {
        throw new FormatException(
            where,
            "tensor %s has data_offsets [%d, %d]; expected [%d, %d] from its dtype %s and shape %s: tensors follow each other without a gap or an overlap"
                .formatted(
                    tensor.shownName(),
                    tensor.begin(),
                    tensor.end(),
                    next,
                    next + bytes,
                    tensor.type(),
                    tensor.shownShape()));
      }
      next = tensor.end();
    }
    if (next != dataBytes) {
      throw new FormatException(
          where,
          "the file has %d bytes after its header; its tensors take %d: it %s"
              .formatted(
                  dataBytes,
                  next,
                  dataBytes < next ? "is cut short" : "has bytes that belong to no tensor"));
    }
  }

  private long bytes(StoredTensor tensor) throws FormatException {
    try {
      long bytes = tensor.type().bytes();
      for (long size : tensor.shape()) {
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new FormatException(
          where,
          "tensor %s: shape %s has more bytes than a file can have"
              .formatted(tensor.shownName(), tensor.shownShape()),
          e);
    }
  }

  /** A value as it stands in the file; of a list or an object its first character. */
  private static String value(JsonParser json) throws IOException {
    return shown(String.valueOf(json.getText()));
  }

  /**
   * A text of the file in a message: in one line, of bounded length, without control characters.
   */
  static String shown(String text) {
    String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    StringBuilder shown = new StringBuilder();
    cut.chars()
        .forEach(
            c ->
                shown.append(
                    Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || Character.getType(c) == Character.SURROGATE
                        ? "\\u%04x".formatted(c)
                        : String.valueOf((char) c)));
    return shown.toString();
  }

  private void require(boolean condition, String message, String... values) throws FormatException {
    if (!condition) {
      throw new FormatException(where, message.formatted((Object[]) values));
    }
  }
}
