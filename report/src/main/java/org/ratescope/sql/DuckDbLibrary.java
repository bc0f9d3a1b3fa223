package org.ratescope.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ratescope.io.NativeLibraryException;

/**
 * DuckDB's native library. The driver unpacks it to the temporary folder, under a new name that
 * nobody can guess, and deletes it when the process ends in order: 60 MB for each that does not.
 * Here it is deleted at once, where the system allows this of a file that is in use.
 */
final class DuckDbLibrary {
  private static final String DRIVER = "org.duckdb.DuckDBNative";
  private static final String PREFIX = "libduckdb_java";
  private static final String WAY_OUT =
      "Set JAVA_TOOL_OPTIONS to -Djava.io.tmpdir=DIR, with a folder that has room and is not"
          + " mounted noexec";
  private static final Path MAPPED = Path.of("/proc/self/maps"); // of Linux

  private DuckDbLibrary() {}

  /**
   * Loads it once for each process.
   *
   * @throws NativeLibraryException if it cannot be unpacked or loaded
   */
  static synchronized void load() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir", ""));
    try {
      Class.forName(DRIVER);
      for (Path copy : mapped(folder)) {
        Files.deleteIfExists(copy);
      }
    } catch (LinkageError e) {
      throw NativeLibraryException.of("DuckDB", folder, e, WAY_OUT);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("a driver of another version", e);
    } catch (IOException e) {
      return; // the copy stays until the process ends
    }
  }

  /** The copies in that folder that this process has loaded. */
  private static List<Path> mapped(Path folder) throws IOException {
    if (!Files.isReadable(MAPPED)) {
      return List.of();
    }
    String start = folder.toRealPath().resolve(PREFIX).toString();
    try (Stream<String> lines = Files.lines(MAPPED)) {
      return lines
          .filter(line -> line.contains(start) && line.endsWith(".so"))
          .map(line -> Path.of(line.substring(line.indexOf(start))))
          .distinct()
          .toList();
    }
  }
}
