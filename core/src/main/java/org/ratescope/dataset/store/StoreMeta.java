package org.ratescope.dataset.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.ratescope.dataset.DamagedImages;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.PixelType;
import org.ratescope.io.Sha256;

/**
 * The content of {@code meta.json}, which describes the image file beside it.
 *
 * @param spec canonical text of the data set
 * @param version the source's version
 * @param count number of images
 * @param dimensions values of one image
 * @param origin fingerprint of the files from which the images were built
 * @param pixels how a value is stored
 * @param chunkRows number of images in a chunk; the last chunk may have fewer
 * @param sha256 of the whole file
 * @param crc32c checksum of each chunk
 */
public record StoreMeta(
    String spec,
    int version,
    int count,
    int dimensions,
    String origin,
    PixelType pixels,
    int chunkRows,
    String sha256,
    List<Integer> crc32c) {
  private static final int FORMAT = 2;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public StoreMeta {
    crc32c = List.copyOf(crc32c);
  }

  /** Number of images in a chunk of about a mebibyte. */
  static int chunkRows(ImageSource source) {
    return Math.max(1, CHUNK_BYTES / source.imageBytes());
  }

  static int chunks(ImageSource source) {
    return Math.ceilDiv(source.size(), chunkRows(source));
  }

  /** Number of rows in a chunk. */
  static int rows(ImageSource source, int chunk) {
    return Math.min(chunkRows(source), source.size() - chunk * chunkRows(source));
  }

  /** Bytes of all images. */
  static long bytes(ImageSource source) {
    return (long) source.size() * source.imageBytes();
  }

  static StoreMeta of(ImageSource source, String sha256, List<Integer> crc32c) {
    return new StoreMeta(
        source.spec().text(),
        source.version(),
        source.size(),
        source.spec().dimensions(),
        source.origin().fingerprint(),
        source.pixels(),
        chunkRows(source),
        sha256,
        crc32c);
  }

  byte[] json() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT).put("elements", pixels.text());
    root.put("spec", spec).put("version", version);
    root.put("count", count).put("dimensions", dimensions);
    root.put("origin", origin);
    root.put("sha256", sha256).put("chunkRows", chunkRows);
    ArrayNode checksums = root.putArray("crc32c");
    crc32c.forEach(crc -> checksums.add(Integer.toHexString(crc)));
    root.put("seal", seal());
    try {
      return MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  /** A checksum of everything else in the file, so that a changed character is detected. */
  private String seal() {
    return Sha256.ofText(FORMAT + pixels.text() + this);
  }

  /**
   * Parses the output of {@link #json}.
   *
   * @throws DamagedImages if the text is not the output of {@code json()}
   */
  static StoreMeta read(byte[] json) throws DamagedImages {
    try {
      JsonNode root = MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
      List<Integer> checksums = new ArrayList<>();
      root.path("crc32c").forEach(c -> checksums.add(Integer.parseUnsignedInt(c.asText(), 16)));
      StoreMeta meta =
          new StoreMeta(
              root.path("spec").asText(),
              root.path("version").asInt(),
              root.path("count").asInt(),
              root.path("dimensions").asInt(),
              root.path("origin").asText(),
              pixels(root.path("elements").asText()),
              root.path("chunkRows").asInt(),
              root.path("sha256").asText(),
              checksums);
      if (root.path("format").asInt() != FORMAT
          || !root.path("seal").asText().equals(meta.seal())) {
        throw new DamagedImages("meta.json does not match its own checksum");
      }
      return meta;
    } catch (JsonProcessingException | NumberFormatException e) {
      throw new DamagedImages("meta.json cannot be read as JSON");
    }
  }

  private static PixelType pixels(String text) throws DamagedImages {
    for (PixelType type : PixelType.values()) {
      if (type.text().equals(text)) {
        return type;
      }
    }
    throw new DamagedImages("meta.json names no known elements");
  }
}
