package org.ratescope.model.safetensors;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.io.RegularFile;

/**
 * An open safetensors file: a header of names, types and shapes as JSON, then the values,
 * little-endian. The header is checked when the file is opened, so that whatever it says about
 * sizes is true before memory is asked for.
 */
public final class SafetensorsFile implements Closeable {
  private static final int LENGTH_BYTES = 8;

  /** Bytes of a header at most, as in the format's reference library. */
  private static final int HEADER_LIMIT = 100_000_000;

  private final Path file;
  private final FileChannel in;
  private final byte[] head;
  private final HeaderParser header;

  private SafetensorsFile(Path file, FileChannel in, byte[] head, HeaderParser header) {
    this.file = file;
    this.in = in;
    this.head = head;
    this.header = header;
  }

  /**
   * Opens a file and checks its header and its length.
   *
   * @throws FormatException if it is no safetensors file, or is cut short, or has bytes that belong
   *     to no tensor
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile open(Path file) throws IOException {
    RegularFile.require(file);
    FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
    try {
      byte[] head = head(file, in);
      HeaderParser header =
          HeaderParser.parse(file.toString(), text(file, head), in.size() - head.length);
      return new SafetensorsFile(file, in, head, header);
    } catch (IOException | RuntimeException | Error e) {
      in.close();
      throw e;
    }
  }

  /** The length of the header, and the header. */
  private static byte[] head(Path file, FileChannel in) throws IOException {
    long size = in.size();
    byte[] first = new byte[(int) Math.min(size, LENGTH_BYTES + 1)];
    readFully(file, in, 0, ByteBuffer.wrap(first));
    if (first.length <= LENGTH_BYTES) {
      throw unknown(file, first, "it has %d bytes".formatted(size));
    }
    long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    if (first[LENGTH_BYTES] != '{') {
      throw unknown(file, first, "its header does not begin with {");
    }
    if (!(length > 0 && length <= HEADER_LIMIT && length <= size - LENGTH_BYTES)) {
      throw unknown(
          file,
          first,
          "its header has %s bytes; expected 1 to %d"
              .formatted(
                  Long.toUnsignedString(length), Math.min(HEADER_LIMIT, size - LENGTH_BYTES)));
    }
    byte[] head = new byte[(int) (LENGTH_BYTES + length)];
    readFully(file, in, 0, ByteBuffer.wrap(head));
    return head;
  }

  private static FormatException unknown(Path file, byte[] first, String reason) {
    String pickle = pickle(file, first);
    return new FormatException(
        file.toString(),
        pickle != null ? pickle : "got no safetensors file, or one that is cut: " + reason);
  }

  /** What to do with a file that {@code torch.save} wrote, or null if it is none. */
  private static @Nullable String pickle(Path file, byte[] first) {
    boolean zip = first.length > 4 && first[0] == 'P' && first[1] == 'K' && first[2] == 3;
    boolean plain = first.length > 2 && first[0] == (byte) 0x80 && first[1] >= 2 && first[1] <= 5;
    String name = String.valueOf(file.getFileName());
    if (!((zip && !name.endsWith(".npz")) || plain)) {
      return null;
    }
    int dot = name.lastIndexOf('.');
    return """
    got a pickle, as torch.save writes it; expected a safetensors file. To convert a state dict in Python:
      import torch, safetensors.torch as st
      st.save_file(torch.load("%s", map_location="cpu", weights_only=True), "%s.safetensors")\
    """
        .formatted(name, dot > 0 ? name.substring(0, dot) : name);
  }

  private static String text(Path file, byte[] head) throws FormatException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(head, LENGTH_BYTES, head.length - LENGTH_BYTES))
          .toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(file.toString(), "the header is not valid UTF-8", e);
    }
  }

  /** The file's name in messages. */
  public String where() {
    return file.toString();
  }

  /** The texts beside the tensors, by key. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /** The tensors by name, in the order of the header. */
  public Map<String, StoredTensor> tensors() {
    return Collections.unmodifiableMap(header.tensors());
  }

  /**
   * Reads the whole file and compares it with the checksum that it names, if it names one.
   *
   * @throws FormatException if they differ
   */
  public void requireChecksum() throws IOException {
    String mismatch = FileChecksum.mismatch(head, header.metadata(), in.position(head.length));
    if (mismatch != null) {
      throw new FormatException(where(), mismatch);
    }
  }

  /** Fills a buffer with bytes of a tensor, from that byte of it on. */
  public void read(StoredTensor tensor, long from, ByteBuffer into) throws IOException {
    if (from < 0 || from + into.remaining() > tensor.end() - tensor.begin()) {
      throw new IllegalArgumentException(
          "tensor %s has no %d bytes at %d".formatted(tensor.name(), into.remaining(), from));
    }
    readFully(file, in, head.length + tensor.begin() + from, into);
  }

  private static void readFully(Path file, FileChannel in, long from, ByteBuffer into)
      throws IOException {
    long at = from;
    while (into.hasRemaining()) {
      int count = in.read(into, at);
      if (count < 0) {
        throw new FormatException(file.toString(), "cut short: it ends at byte " + at);
      }
      at += count;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
