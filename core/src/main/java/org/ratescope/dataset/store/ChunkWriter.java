package org.ratescope.dataset.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.ratescope.dataset.ImageSource;
import org.ratescope.io.AtomicFile;
import org.ratescope.io.Sha256;

/**
 * Writes any number of images at once, and computes the checksums of the file and of its chunks.
 */
final class ChunkWriter {
  private final FileChannel channel;
  private final ImageSource source;
  private final long chunkBytes;
  private final MessageDigest digest = Sha256.start();
  private final List<Integer> checksums = new ArrayList<>();
  private final CRC32C crc = new CRC32C();
  private long written;

  ChunkWriter(FileChannel channel, ImageSource source) {
    this.channel = channel;
    this.source = source;
    this.chunkBytes = (long) StoreMeta.chunkRows(source) * source.imageBytes();
  }

  /** Number of complete images written. */
  long rows() {
    return written / source.imageBytes();
  }

  void write(byte[] bytes) throws IOException {
    digest.update(bytes);
    for (int from = 0; from < bytes.length; ) {
      int count = (int) Math.min(bytes.length - from, chunkBytes - written % chunkBytes);
      crc.update(bytes, from, count);
      from += count;
      written += count;
      if (written % chunkBytes == 0) {
        endChunk();
      }
    }
    AtomicFile.writeFully(channel, ByteBuffer.wrap(bytes));
  }

  private void endChunk() {
    checksums.add((int) crc.getValue());
    crc.reset();
  }

  /** The content of {@code meta.json}, after all images are written. */
  StoreMeta meta() throws IOException {
    if (written % chunkBytes != 0) {
      endChunk();
    }
    if (written != StoreMeta.bytes(source)) {
      throw new IOException(
          "got %d bytes of images; expected %d".formatted(written, StoreMeta.bytes(source)));
    }
    return StoreMeta.of(source, Sha256.hex(digest), checksums);
  }
}
