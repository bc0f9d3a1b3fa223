package org.ratescope.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DuckDbLibraryTest {
  private static final Path MAPPED = Path.of("/proc/self/maps");

  /** A process that is killed from here on leaves nothing in the temporary folder. */
  @Test
  void theUnpackedCopyIsDeletedWhenItIsLoaded() throws IOException {
    assumeThat(Files.isReadable(MAPPED)).as("Linux").isTrue();
    DuckDbLibrary.load();
    DuckDbLibrary.load();

    assertThat(Files.readAllLines(MAPPED).stream().filter(line -> line.contains("libduckdb_java")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" (deleted)"));
  }
}
