package org.ratescope.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.record.RecordStore;
import org.ratescope.run.LocalRunner;
import org.ratescope.run.Planner;
import org.ratescope.run.Progress;
import org.ratescope.source.ImageLibrary;
import org.ratescope.study.Study;

/** A master and two workers, all real processes, carry out a study as this process does. */
class SparkRunnerTest {
  private static final int WORKERS = 2;

  @TempDir static Path folder;

  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start("cluster", WORKERS);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static ImageLibrary library() {
    return ImageLibrary.at(folder.resolve("cache"));
  }

  private static RecordStore local(Study study) throws Exception {
    RecordStore store = RecordStore.at(folder.resolve("local-" + study.name()));
    int unfinished =
        LocalRunner.of(store, library())
            .workers(WORKERS)
            .run(Planner.of(store, WORKERS).plan(study), Progress.SILENT);
    assertThat(unfinished).isZero();
    return store;
  }

  private static void assertSame(RecordStore there, RecordStore here, Study study)
      throws IOException {
    for (String kind : List.of("records", "weights")) {
      Map<String, Integer> expected = files(here.root().resolve(kind));
      assertThat(expected).hasSize(study.runs().size());
      assertThat(files(there.root().resolve(kind))).as(kind).isEqualTo(expected);
    }
  }

  /** Hashes of a folder's files by name. */
  private static Map<String, Integer> files(Path folder) throws IOException {
    Map<String, Integer> contents = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(
            String.valueOf(file.getFileName()),
            java.util.Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @Test
  void onSharedFoldersAndApartTheFilesAreThoseOfTheLocalRunner() throws Exception {
    Study study = SparkStudy.of("plain", List.of(0.1, 1.0), 40);
    RecordStore here = local(study);
    for (boolean shared : List.of(true, false)) {
      RecordStore there = RecordStore.at(folder.resolve("spark-shared-" + shared));
      SparkRunner runner = SparkRunner.of(there, library(), cluster.settings());
      int unfinished =
          (shared ? runner : runner.apart())
              .run(Planner.of(there, WORKERS).plan(study), Progress.SILENT);
      assertThat(unfinished).isZero();
      assertSame(there, here, study);
    }
  }
}
