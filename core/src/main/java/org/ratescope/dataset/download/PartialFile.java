package org.ratescope.dataset.download;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.ratescope.io.AtomicFile;

/**
 * What has come of a file so far, {@code NAME.part}, and beside it where it came from, {@code
 * NAME.part.from}, so that only the same thing is continued. Outlives a killed process.
 */
final class PartialFile {
  private final Path path;
  private final Path from;

  private PartialFile(Path path) {
    this.path = path;
    this.from = path.resolveSibling(path.getFileName() + ".from");
  }

  static PartialFile at(Path path) {
    return new PartialFile(path);
  }

  /**
   * Where a part came from.
   *
   * @param url the address that was asked
   * @param validator the entity tag, or else the date, by which the server knows whether its file
   *     is still the same; empty when it gave none
   */
  record Origin(URI url, String validator) {}

  Path path() {
    return path;
  }

  /** Bytes that came from that address, 0 when the part is of another. */
  long length(URI url) throws IOException {
    return origin().url().equals(url) ? length() : 0;
  }

  private long length() throws IOException {
    try {
      return Files.size(path);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Where the part came from; an empty address when that is not known. */
  Origin origin() throws IOException {
    try {
      List<String> lines = List.of(Files.readString(from).split("\n", -1));
      return new Origin(URI.create(lines.get(0)), lines.size() > 1 ? lines.get(1) : "");
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return new Origin(URI.create(""), "");
    }
  }

  /** Starts anew with something that comes from there. */
  void begin(Origin origin) throws IOException {
    discard();
    String lines = origin.url() + "\n" + origin.validator() + "\n";
    AtomicFile.write(from, lines.getBytes(StandardCharsets.UTF_8));
  }

  /** A channel at the part's end. */
  FileChannel append() throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** Deletes what has come. */
  void discard() throws IOException {
    Files.deleteIfExists(from);
    Files.deleteIfExists(path);
  }

  /** Forgets where it came from, once it has been moved into place. */
  void forget() throws IOException {
    Files.deleteIfExists(from);
  }
}
