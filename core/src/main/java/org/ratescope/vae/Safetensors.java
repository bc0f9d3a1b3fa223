package org.ratescope.vae;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.file.WholeFile;
import org.ratescope.torch.Host;

/**
 * The safetensors file format: a header of names, types and shapes as JSON, then the values,
 * little-endian. PyTorch, JAX and NumPy users can read it. Float32 and float64 tensors only.
 */
public final class Safetensors {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String METADATA = "__metadata__";
  private static final int HEADER_LIMIT = 100 << 20;
  private static final long PIECE = 1 << 28;

  private Safetensors() {}

  /** Named tensors and the texts beside them. */
  public record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  /** Writes the tensors to a file whole: beside it, forced to disk, renamed into place. */
  public static void write(Path file, Content content) throws IOException {
    WholeFile.write(
        file,
        out -> {
          byte[] header = header(content);
          ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
          WholeFile.writeFully(out, length.putLong(0, header.length));
          WholeFile.writeFully(out, ByteBuffer.wrap(header));
          for (Tensor tensor : content.tensors().values()) {
            slices(tensor, bytes -> WholeFile.writeFully(out, bytes));
          }
        });
  }

  private static byte[] header(Content content) throws JsonProcessingException {
    ObjectNode header = MAPPER.createObjectNode();
    if (!content.metadata().isEmpty()) {
      ObjectNode metadata = header.putObject(METADATA);
      content.metadata().forEach(metadata::put);
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : content.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", Host.type(tensor) == ScalarType.Double ? "F64" : "F32");
      LongStream.range(0, tensor.dim()).map(tensor::size).forEach(node.putArray("shape")::add);
      long end = offset + tensor.numel() * tensor.element_size();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = MAPPER.writeValueAsBytes(header);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  /**
   * Reads all tensors of a file. They belong to the innermost open scope.
   *
   * @throws IOException if it is no safetensors file or is cut short, naming the file and what is
   *     wrong
   */
  public static Content read(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      return content(in, header(in, file), file);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": the header is not valid: " + e.getMessage(), e);
    }
  }

  /** The texts of a file, without its tensors. */
  public static Map<String, String> metadata(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      Map<String, String> metadata = new LinkedHashMap<>();
      header(in, file)
          .path(METADATA)
          .properties()
          .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
      return metadata;
    }
  }

  private static JsonNode header(FileChannel in, Path file) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(in, length, file);
    long headerLength = length.getLong(0);
    if (!(headerLength > 0 && headerLength <= Math.min(HEADER_LIMIT, in.size() - 8))) {
      throw new IOException(
          "%s: header length %d does not fit a file of %d bytes"
              .formatted(file, headerLength, in.size()));
    }
    ByteBuffer header = ByteBuffer.allocate((int) headerLength);
    readFully(in, header, file);
    try {
      return MAPPER.readTree(new String(header.array(), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": the header is not valid: " + e.getOriginalMessage(), e);
    }
  }

  private static Content content(FileChannel in, JsonNode header, Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    long start = in.position();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      JsonNode node = field.getValue();
      if (field.getKey().equals(METADATA)) {
        node.properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        continue;
      }
      List<Long> shape = new ArrayList<>();
      node.required("shape").forEach(size -> shape.add(size.longValue()));
      Tensor tensor = Host.empty(type(node, file), shape.stream().mapToLong(s -> s).toArray());
      long from = node.required("data_offsets").path(0).longValue();
      long to = node.required("data_offsets").path(1).longValue();
      if (to - from != tensor.numel() * tensor.element_size() || start + to > in.size()) {
        throw new IOException(
            "%s: tensor %s of shape %s does not fit bytes %d to %d of %d"
                .formatted(file, field.getKey(), shape, from, to, in.size() - start));
      }
      in.position(start + from);
      slices(tensor, bytes -> readFully(in, bytes, file));
      tensors.put(field.getKey(), tensor);
    }
    return new Content(tensors, metadata);
  }

  private static ScalarType type(JsonNode node, Path file) throws IOException {
    return switch (node.required("dtype").asText()) {
      case "F32" -> ScalarType.Float;
      case "F64" -> ScalarType.Double;
      default ->
          throw new IOException(
              "%s: dtype %s, allowed: F32, F64".formatted(file, node.required("dtype")));
    };
  }

  /** Is given a tensor's values piece by piece. */
  public interface Taker {
    void take(ByteBuffer bytes) throws IOException;
  }

  /**
   * Hands on a tensor's values as bytes, row-major, in pieces below {@value #PIECE} bytes: those of
   * a cohort on a GPU are more than a buffer can hold, and are not in the host's memory.
   */
  public static void slices(Tensor tensor, Taker taker) throws IOException {
    if (tensor.numel() == 0) {
      return;
    }
    Tensor flat = tensor.contiguous().view(-1);
    long step = PIECE / tensor.element_size();
    for (long first = 0; first < flat.numel(); first += step) {
      try (PointerScope scope = new PointerScope()) {
        long count = Math.min(step, flat.numel() - first);
        taker.take(bytes(Host.here(flat.narrow(0, first, count))));
      }
    }
  }

  /** A contiguous tensor's memory as bytes; in the host's memory, below 2 GiB. */
  static ByteBuffer bytes(Tensor tensor) {
    long size = tensor.numel() * tensor.element_size();
    return tensor.data_ptr().capacity(size).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void readFully(FileChannel in, ByteBuffer bytes, Path file) throws IOException {
    while (bytes.hasRemaining()) {
      if (in.read(bytes) < 0) {
        throw new IOException(file + ": cut short, it ends at byte " + in.size());
      }
    }
  }
}
