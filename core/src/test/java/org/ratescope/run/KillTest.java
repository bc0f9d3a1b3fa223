package org.ratescope.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.record.RecordStore;
import org.ratescope.study.Study;

/**
 * A real process is killed with SIGKILL again and again while it trains; the files end
 * bit-identical to an undisturbed run's.
 */
class KillTest {
  private static final Study STUDY = SmallStudy.of(List.of(0.01, 0.1, 1.0), 6000);
  private static final int KILLS = 4;

  @TempDir Path folder;

  /**
   * The process that is killed: it carries out the study with a checkpoint every few milliseconds.
   */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      RecordStore store = RecordStore.at(Path.of(args[0]));
      LocalRunner runner =
          LocalRunner.of(store, Path.of(args[1])).checkpointEvery(Duration.ofMillis(20));
      int unfinished = runner.run(Planner.of(store, 2).plan(STUDY), Progress.SILENT);
      System.exit(unfinished);
    }
  }

  @Test
  void aKilledStudyEndsWithTheSameBits() throws Exception {
    Path cache = folder.resolve("cache");
    Path undisturbed = folder.resolve("undisturbed");
    assertThat(start(undisturbed, cache).waitFor()).isZero();

    Path killed = folder.resolve("killed");
    SplittableRandom random = new SplittableRandom(1);
    int whileTraining = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process = start(killed, cache);
      awaitCheckpoint(killed, process);
      boolean ended = process.waitFor(random.nextInt(50, 800), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      whileTraining += ended ? 0 : 1;
    }
    assertThat(whileTraining).as("kills that hit a running process").isPositive();
    assertThat(start(killed, cache).waitFor()).isZero();

    assertThat(files(killed.resolve("weights"))).isEqualTo(files(undisturbed.resolve("weights")));
    assertThat(files(killed.resolve("records"))).isEqualTo(files(undisturbed.resolve("records")));
    assertThat(files(killed.resolve("records"))).hasSize(STUDY.runs().size());
    assertThat(files(killed.resolve("checkpoints"))).isEmpty();
  }

  private static Process start(Path results, Path cache) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            results.toString(),
            cache.toString())
        .inheritIO()
        .start();
  }

  private static void awaitCheckpoint(Path results, Process process) throws Exception {
    Path checkpoints = results.resolve("checkpoints");
    while (process.isAlive() && !(Files.isDirectory(checkpoints) && hasFile(checkpoints))) {
      Thread.sleep(5);
    }
  }

  private static boolean hasFile(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
    }
  }

  /**
   * Hashes of a folder's files by name. Left-over temporary files of killed processes do not count.
   */
  private static Map<String, Integer> files(Path folder) throws IOException {
    Map<String, Integer> contents = new HashMap<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> !f.toString().endsWith(".part")).toList()) {
        contents.put(
            file.getFileName().toString(), java.util.Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
