package org.ratescope.download;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.ratescope.catalogue.KnownFile;
import org.ratescope.catalogue.KnownSet;
import org.ratescope.file.RegularFile;

/** Files of a data set that a person has somewhere: a folder of them, or one. */
final class OwnFiles {
  private final Path path;
  private final KnownSet set;

  private OwnFiles(Path path, KnownSet set) {
    this.path = path;
    this.set = set;
  }

  /**
   * The files there.
   *
   * @throws IOException if there is neither a folder nor a regular file
   */
  static OwnFiles at(Path path, KnownSet set) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("%s: no such file or folder".formatted(path));
    }
    if (!Files.isDirectory(path)) {
      requireFile(path);
    }
    return new OwnFiles(path, set);
  }

  private static void requireFile(Path path) throws IOException {
    try {
      RegularFile.require(path);
    } catch (FileSystemException e) {
      throw new IOException("%s: %s".formatted(path, e.getReason()), e);
    }
  }

  /** The file under one of its accepted names. */
  Optional<Path> find(KnownFile file) {
    return Files.isDirectory(path)
        ? file.acceptedNames().stream().map(path::resolve).filter(Files::isRegularFile).findFirst()
        : Optional.of(path).filter(candidate -> mayBe(file, candidate));
  }

  private boolean mayBe(KnownFile file, Path candidate) {
    String name = Objects.requireNonNull(candidate.getFileName(), "a file has a name").toString();
    return set.files().size() == 1 || file.acceptedNames().contains(name);
  }
}
