package org.ratescope.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.CRC32C;

/**
 * The raw image file: little-endian float32, {@code [count, dimensions]}, in the source's order.
 */
final class ImageFile {
  private ImageFile() {}

  /** Makes all images with all cores and writes them, forced to disk, to a new file. */
  static StoreMeta write(ImageSource source, Path file, String what, BuildListener listener)
      throws IOException {
    MessageDigest digest = Sha256.start();
    List<Integer> checksums = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      listener.built(what, 0, source.size());
      Workers.<byte[]>inOrder(
          StoreMeta.chunks(source),
          chunk -> () -> rendered(source, chunk),
          (chunk, bytes) -> {
            digest.update(bytes);
            checksums.add(crc32c(ByteBuffer.wrap(bytes)));
            writeFully(channel, ByteBuffer.wrap(bytes));
            long done = (long) chunk * StoreMeta.chunkRows(source) + StoreMeta.rows(source, chunk);
            listener.built(what, done, source.size());
          });
      channel.force(true);
    }
    return StoreMeta.of(source, Sha256.hex(digest), checksums);
  }

  private static byte[] rendered(ImageSource source, int chunk) {
    int rows = StoreMeta.rows(source, chunk);
    int first = chunk * StoreMeta.chunkRows(source);
    float[] image = new float[source.spec().dimensions()];
    ByteBuffer bytes =
        ByteBuffer.allocate(rows * image.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    var floats = bytes.asFloatBuffer();
    for (int row = first; row < first + rows; row++) {
      source.render(row, image);
      floats.put(image);
    }
    return bytes.array();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Checks the file's length and, with all cores, every chunk's checksum.
   *
   * @throws DamagedImages naming the first thing that is wrong
   */
  static void verify(ImageSource source, Path file, StoreMeta meta) throws IOException {
    if (!StoreMeta.of(source, meta.sha256(), meta.crc32c()).equals(meta)
        || meta.crc32c().size() != StoreMeta.chunks(source)) {
      throw new DamagedImages("meta.json describes other images");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != StoreMeta.bytes(source)) {
        throw new DamagedImages(
            "%s has %d bytes where %d are required"
                .formatted(file.getFileName(), channel.size(), StoreMeta.bytes(source)));
      }
      Workers.inOrder(
          StoreMeta.chunks(source),
          chunk -> checksum(source, channel, chunk),
          (chunk, crc) -> require(crc.equals(meta.crc32c().get(chunk)), file, chunk));
    }
  }

  private static void require(boolean same, Path file, int chunk) throws DamagedImages {
    if (!same) {
      throw new DamagedImages(
          "chunk %d of %s does not match its checksum".formatted(chunk, file.getFileName()));
    }
  }

  private static Callable<Integer> checksum(ImageSource source, FileChannel channel, int chunk) {
    return () -> {
      int imageBytes = source.spec().dimensions() * Float.BYTES;
      long position = (long) chunk * StoreMeta.chunkRows(source) * imageBytes;
      ByteBuffer bytes = ByteBuffer.allocate(StoreMeta.rows(source, chunk) * imageBytes);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, position + bytes.position()) < 0) {
          throw new DamagedImages("chunk %d ends early".formatted(chunk));
        }
      }
      return crc32c(bytes.flip());
    };
  }

  private static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
