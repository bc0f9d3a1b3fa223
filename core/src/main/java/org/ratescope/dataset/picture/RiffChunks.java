package org.ratescope.dataset.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.ratescope.dataset.format.FormatException;

/** The chunks of a WebP file, which is a RIFF container. */
final class RiffChunks {
  private static final int HEADER = 12;
  private static final int SIZE = 4;
  private static final int HAS_PROFILE = 0x20;

  private RiffChunks() {}

  /**
   * The orientation. The decoder reports damage, but does not notice a truncated end.
   *
   * @throws FormatException if the file is truncated
   */
  static Orientation orientation(byte[] file, String where) throws FormatException {
    long size =
        Integer.toUnsignedLong(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(SIZE));
    FormatException.require(
        size + 8 <= file.length,
        where,
        "damaged picture: truncated, %d bytes of %d".formatted(file.length, size + 8));
    return find(file, "EXIF")
        .map(chunk -> exif(Arrays.copyOfRange(file, chunk.start(), chunk.end())))
        .orElse(Orientation.NONE);
  }

  /** The same file without its colour profile, since the decoder would apply it to the samples. */
  static byte[] withoutProfile(byte[] file) {
    Optional<Chunk> profile = find(file, "ICCP");
    if (profile.isEmpty()) {
      return file;
    }
    int from = profile.get().name();
    int to = Math.min(file.length, profile.get().end() + (profile.get().end() - from) % 2);
    ByteBuffer without =
        ByteBuffer.allocate(file.length - (to - from)).order(ByteOrder.LITTLE_ENDIAN);
    without.put(file, 0, from).put(file, to, file.length - to);
    without.putInt(SIZE, without.getInt(SIZE) - (to - from));
    find(file, "VP8X")
        .filter(flags -> flags.start() < from)
        .ifPresent(
            flags -> without.put(flags.start(), (byte) (file[flags.start()] & ~HAS_PROFILE)));
    return without.array();
  }

  /** Start and end of the content of a chunk. */
  private record Chunk(int start, int end) {
    int name() {
      return start - 8;
    }
  }

  private static Optional<Chunk> find(byte[] file, String name) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long at = HEADER;
    while (at + 8 <= file.length) {
      long length = Integer.toUnsignedLong(in.getInt((int) at + 4));
      long end = Math.min(at + 8 + length, file.length);
      if (name.equals(new String(file, (int) at, 4, StandardCharsets.ISO_8859_1))) {
        return Optional.of(new Chunk((int) at + 8, (int) end));
      }
      at += 8 + length + length % 2;
    }
    return Optional.empty();
  }

  /** Some programs write the beginning of JPEG's segment before the block. */
  private static Orientation exif(byte[] block) {
    boolean jpeg = new String(block, StandardCharsets.ISO_8859_1).startsWith("Exif\0\0");
    return Orientation.of(jpeg ? Arrays.copyOfRange(block, 6, block.length) : block);
  }
}
