package org.ratescope.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ratescope.io.AtomicFile;
import org.ratescope.model.safetensors.FileChecksum;
import org.ratescope.model.safetensors.FloatType;
import org.ratescope.model.safetensors.SafetensorsFile;
import org.ratescope.model.safetensors.StoredTensor;
import org.ratescope.tensor.Tensors;

/**
 * Tensors in safetensors files. PyTorch, JAX and NumPy users can read them. Written are float32 and
 * float64, read float16 and bfloat16 too.
 */
public final class Safetensors {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String METADATA = "__metadata__";
  private static final long PIECE = 1 << 28;

  private Safetensors() {}

  /** Named tensors and the texts beside them. */
  public record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  /**
   * Writes the tensors to a file whole: beside it, forced to disk, renamed into place. A checksum
   * of the whole file is added to the texts.
   */
  public static void write(Path file, Content content) throws IOException {
    byte[] head = head(content);
    AtomicFile.write(
        file,
        out -> {
          FileChecksum checksum = FileChecksum.of(head);
          AtomicFile.writeFully(out, ByteBuffer.wrap(head));
          for (Tensor tensor : content.tensors().values()) {
            slices(
                tensor,
                bytes -> {
                  checksum.update(bytes.duplicate());
                  AtomicFile.writeFully(out, bytes);
                });
          }
          out.position(checksum.place());
          AtomicFile.writeFully(out, checksum.digits());
        });
  }

  /** Length and header, with a checksum that is not known yet. */
  private static byte[] head(Content content) throws JsonProcessingException {
    ObjectNode header = MAPPER.createObjectNode();
    ObjectNode metadata = header.putObject(METADATA);
    content.metadata().forEach(metadata::put);
    metadata.put(FileChecksum.KEY, FileChecksum.PLACEHOLDER);
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : content.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put(
          "dtype",
          (Tensors.type(tensor) == ScalarType.Double ? FloatType.F64 : FloatType.F32).name());
      LongStream.range(0, tensor.dim()).map(tensor::size).forEach(node.putArray("shape")::add);
      long end = offset + tensor.numel() * tensor.element_size();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = MAPPER.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(json);
    Arrays.fill(head.array(), 8 + json.length, head.capacity(), (byte) ' ');
    return head.array();
  }

  /**
   * Reads all tensors of a file. They belong to the innermost open scope.
   *
   * @throws IOException if it is no safetensors file or is damaged, naming the file and what is
   *     wrong
   */
  public static Content read(Path file) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      in.requireChecksum();
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (StoredTensor stored : in.tensors().values()) {
        tensors.put(stored.name(), read(in, stored));
      }
      return new Content(tensors, in.metadata());
    }
  }

  /** Reads one tensor of a file, in its own type. It belongs to the innermost open scope. */
  static Tensor read(SafetensorsFile in, StoredTensor stored) throws IOException {
    Tensor tensor = Tensors.empty(type(stored.type()), shape(stored));
    read(in, stored, tensor);
    return tensor;
  }

  /**
   * Reads one tensor of a file into a contiguous one of the same type and number of values,
   * wherever that is.
   */
  public static void read(SafetensorsFile in, StoredTensor stored, Tensor into) throws IOException {
    long[] from = {0};
    slices(
        into.numel(),
        into.element_size(),
        (first, count) -> {
          Tensor part = into.view(-1).narrow(0, first, count);
          Tensor here = into.is_cpu() ? part : Tensors.empty(type(stored.type()), count);
          ByteBuffer bytes = bytes(here);
          long length = bytes.remaining();
          in.read(stored, from[0], bytes);
          from[0] += length;
          if (!into.is_cpu()) {
            part.copy_(here);
          }
        });
  }

  /** The tensor type of a stored one. */
  public static ScalarType type(FloatType type) {
    return switch (type) {
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case F32 -> ScalarType.Float;
      case F64 -> ScalarType.Double;
    };
  }

  private static long[] shape(StoredTensor stored) {
    return stored.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private interface Taker {
    void take(ByteBuffer bytes) throws IOException;
  }

  private interface RangeTaker {
    void take(long first, long count) throws IOException;
  }

  /** Hands on a tensor's values as bytes, row-major, piece by piece. */
  private static void slices(Tensor tensor, Taker taker) throws IOException {
    if (tensor.numel() == 0) {
      return;
    }
    Tensor flat = tensor.contiguous().view(-1);
    slices(
        flat.numel(),
        flat.element_size(),
        (first, count) -> taker.take(bytes(Tensors.here(flat.narrow(0, first, count)))));
  }

  /**
   * Ranges of values in pieces of at most {@value #PIECE} bytes: those of a cohort on a GPU are
   * more than a buffer can hold, and are not in the host's memory.
   */
  private static void slices(long values, long bytes, RangeTaker taker) throws IOException {
    long step = PIECE / bytes;
    for (long first = 0; first < values; first += step) {
      try (PointerScope scope = new PointerScope()) {
        taker.take(first, Math.min(step, values - first));
      }
    }
  }

  /** A contiguous tensor's memory as bytes; in the host's memory, below 2 GiB. */
  private static ByteBuffer bytes(Tensor tensor) {
    long size = tensor.numel() * tensor.element_size();
    return tensor.data_ptr().capacity(size).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
