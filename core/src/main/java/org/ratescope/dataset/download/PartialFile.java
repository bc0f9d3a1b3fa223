package org.ratescope.dataset.download;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.ratescope.io.AtomicFile;

/**
 * The bytes of a file that have come so far, and beside them in {@code NAME.from} their origin, so
 * that a transfer continues the same file only. Survives a killed process.
 *
 * @param path the bytes, {@code NAME.part}
 */
record PartialFile(Path path) {
  private static final Origin UNKNOWN = new Origin(URI.create(""), "");

  /**
   * Where a part came from.
   *
   * @param url the requested address
   * @param validator the entity tag, or else the date, by which the server recognises its file;
   *     empty when the server gave none
   */
  record Origin(URI url, String validator) {}

  private Path from() {
    return path.resolveSibling(path.getFileName() + ".from");
  }

  /** The bytes that came from that address; 0 for a part from another one. */
  long length(URI url) throws IOException {
    return origin().url().equals(url) && Files.exists(path) ? Files.size(path) : 0;
  }

  /** Where the part came from; an empty address when that is not known. */
  Origin origin() throws IOException {
    try {
      String[] lines = Files.readString(from()).split("\n", -1);
      return new Origin(URI.create(lines[0]), lines.length > 1 ? lines[1] : "");
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  /** Starts anew with bytes from that origin. */
  void begin(Origin origin) throws IOException {
    discard();
    String lines = origin.url() + "\n" + origin.validator() + "\n";
    AtomicFile.write(from(), lines.getBytes(StandardCharsets.UTF_8));
  }

  /** A channel at the part's end. */
  FileChannel append() throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** Deletes the part. */
  void discard() throws IOException {
    Files.deleteIfExists(from());
    Files.deleteIfExists(path);
  }
}
