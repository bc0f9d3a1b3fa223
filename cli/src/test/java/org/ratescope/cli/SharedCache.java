package org.ratescope.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The image cache of all tests of a build, which never delete or change its files: rendering
 * Tetrominoes takes ten seconds of a core, so they are rendered once for each resolution. Without
 * the build's property it is a folder of this process.
 */
public final class SharedCache {
  private static final Path FOLDER = make();

  private SharedCache() {}

  /** Its folder. */
  public static Path folder() {
    return FOLDER;
  }

  private static Path make() {
    try {
      String build = System.getProperty("ratescope.test.images");
      if (build == null) {
        Path folder = Files.createTempDirectory("ratescope-images");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
      }
      Path folder = Files.createDirectories(Path.of(build));
      deleteOfEarlierBuilds(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Builds name their folders by the time; other files beside them are not ours. */
  private static void deleteOfEarlierBuilds(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve(".."))) {
      all.filter(other -> other.getFileName().toString().matches("\\d{14}"))
          .filter(other -> !other.endsWith(folder.getFileName()))
          .forEach(SharedCache::delete);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
