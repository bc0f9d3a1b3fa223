package org.ratescope.dataset.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.ratescope.dataset.DamagedImages;
import org.ratescope.dataset.ImageSet;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.ImageStream;
import org.ratescope.dataset.RenderedSource;
import org.ratescope.dataset.StreamedSource;
import org.ratescope.io.OrderedParallel;

/** The raw image file: {@code [count, dimensions]} values, in the source's order. */
final class ImageFile {
  private ImageFile() {}

  /** Builds all images on all cores, writes them to a new file and forces it to disk. */
  static StoreMeta write(ImageSource source, Path file, String what, BuildListener listener)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ChunkWriter writer = new ChunkWriter(channel, source);
      listener.built(what, 0, source.size());
      switch (source) {
        case RenderedSource rendered -> write(rendered, writer, what, listener);
        case StreamedSource streamed -> write(streamed, writer, what, listener);
      }
      channel.force(true);
      return writer.meta();
    }
  }

  private static void write(
      RenderedSource source, ChunkWriter writer, String what, BuildListener listener)
      throws IOException {
    OrderedParallel.<byte[]>inOrder(
        StoreMeta.chunks(source),
        chunk -> () -> rendered(source, chunk),
        (chunk, bytes) -> {
          writer.write(bytes);
          listener.built(what, writer.rows(), source.size());
        });
  }

  private static void write(
      StreamedSource source, ChunkWriter writer, String what, BuildListener listener)
      throws IOException {
    try (ImageStream stream = source.open()) {
      int step = stream.rowsAtOnce();
      OrderedParallel.<byte[]>inOrder(
          Math.ceilDiv(source.size(), step),
          piece -> stream.next(Math.min(step, source.size() - piece * step)),
          (piece, bytes) -> {
            writer.write(bytes);
            listener.built(what, writer.rows(), source.size());
          });
    }
  }

  private static byte[] rendered(RenderedSource source, int chunk) {
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

  /**
   * Checks the length of the file and, on all cores, the checksum of every chunk.
   *
   * @throws DamagedImages naming the first fault
   */
  static void verify(ImageSource source, Path file, StoreMeta meta) throws IOException {
    if (!meta.origin().equals(source.origin().fingerprint())) {
      throw new DamagedImages(
          "the files they are read from, or their description in a catalogue, have changed");
    }
    if (!StoreMeta.of(source, meta.sha256(), meta.crc32c()).equals(meta)
        || meta.crc32c().size() != StoreMeta.chunks(source)) {
      throw new DamagedImages("meta.json describes other images");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != StoreMeta.bytes(source)) {
        throw new DamagedImages(
            "%s has %d bytes; expected %d"
                .formatted(file.getFileName(), channel.size(), StoreMeta.bytes(source)));
      }
      OrderedParallel.inOrder(
          StoreMeta.chunks(source),
          chunk -> checksum(source, channel, chunk),
          (chunk, crc) -> {
            if (!crc.equals(meta.crc32c().get(chunk))) {
              throw damaged(file, chunk);
            }
          });
    }
  }

  /**
   * Checks, on all cores, the checksum of every chunk of mapped images. An interrupt does not stop
   * it.
   *
   * @throws DamagedImages naming the first chunk that has changed
   */
  static void verify(ImageSet images) throws DamagedImages {
    ImageSource source = images.source();
    OptionalInt changed =
        IntStream.range(0, StoreMeta.chunks(source))
            .parallel()
            .filter(chunk -> checksum(images, chunk) != images.crc32c().get(chunk))
            .findFirst();
    if (changed.isPresent()) {
      throw damaged(images.file(), changed.getAsInt());
    }
  }

  private static int checksum(ImageSet images, int chunk) {
    ImageSource source = images.source();
    return images.crc32c(chunk * StoreMeta.chunkRows(source), StoreMeta.rows(source, chunk));
  }

  private static DamagedImages damaged(Path file, int chunk) {
    return new DamagedImages(
        "chunk %d of %s does not match its checksum".formatted(chunk, file.getFileName()));
  }

  private static Callable<Integer> checksum(ImageSource source, FileChannel channel, int chunk) {
    return () -> {
      int imageBytes = source.imageBytes();
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

  static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
