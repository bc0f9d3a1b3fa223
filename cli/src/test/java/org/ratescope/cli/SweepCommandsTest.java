package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.results.Outcome;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.StudyFile;

/** Commands of a sweep: shards, failures, and signals. */
class SweepCommandsTest {
  private static final Path CACHE = SharedCache.folder();

  @TempDir Path folder;

  private Path study;

  @BeforeEach
  void writeStudy() throws IOException {
    study =
        Files.writeString(
            folder.resolve("small.yaml"),
            """
            data: {set: tetrominoes, resolution: 4}
            splits: [cv:0.5]
            architectures: [mlp:1x8]
            latent: 2
            objective: {beta: [0.1, 1]}
            restarts: 3
            training: {iterations: 40, batch: 16}
            evaluation: {examples: 64}
            profiles:
              long: {training: {iterations: 200000}}
            """);
  }

  private Call call(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(1, List.of(study.toString(), "--results", folder.resolve("results").toString()));
    return Call.of(CACHE, words.toArray(String[]::new));
  }

  private static Map<String, String> records(Path results) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(results.resolve("records"))) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void retryDeletesRecordsOfFailedRuns() throws Exception {
    assertThat(call("run").code()).isZero();
    RecordStore store = RecordStore.at(folder.resolve("results"));
    RunSpec run = StudyFile.read(study).runs().get(2);
    RunRecord whole = store.read(run.id()).orElseThrow();
    store.write(
        new RunRecord(
            run,
            new Outcome.Failed(0, "a fan stood still"),
            whole.evaluation(),
            List.of(),
            List.of(),
            List.of(),
            whole.provenance()));
    assertThat(call("run").code()).as("a failed run is not tried by itself").isEqualTo(1);
    Call retry = call("retry");
    assertThat(retry.code()).isZero();
    assertThat(retry.out())
        .contains("record deleted: %s failed at step 0: a fan stood still".formatted(run.id()))
        .endsWith("the next 'ratescope run' trains 1 runs again\n");
    assertThat(call("status").out()).contains("missing   1");
    assertThat(call("run").code()).isZero();
    assertThat(store.read(run.id()).orElseThrow().outcome()).isEqualTo(new Outcome.Finished(40));
    assertThat(call("retry").out()).isEqualTo("the next 'ratescope run' trains 0 runs again\n");
  }

  @Test
  void statusReportsDamagedRecords() throws Exception {
    assertThat(call("run").code()).isZero();
    Path file =
        RecordStore.at(folder.resolve("results"))
            .recordFile(StudyFile.read(study).runs().get(0).id());
    Files.writeString(file, Files.readString(file).replace("\"seed\" : 0", "\"seed\" : 1"));
    assertThat(call("status").out())
        .contains("missing   1")
        .contains("damaged; 'ratescope run' replaces it: " + file + ": the checksum does not");
    assertThat(call("run").code()).isZero();
  }

  @Test
  void wrongShardsAndLimitsAreOneLineErrors() {
    assertThat(call("run", "--shard", "3/2").err())
        .startsWith("ratescope run: --shard: got 3/2; expected i/n with 1 <= i <= n\n");
    assertThat(call("run", "--shard", "1 of 2").err())
        .startsWith("ratescope run: --shard: got \"1 of 2\"; expected i/n with 1 <= i <= n\n");
    Call negative = call("run", "--max-failures", "-1");
    assertThat(negative.code()).isEqualTo(ExitCode.WRONG_CALL);
    assertThat(negative.err())
        .startsWith("ratescope run: --max-failures: got -1; expected at least 0\n");
  }

  @Test
  void unwritableResultsAreAOneLineError() throws Exception {
    Call call =
        Call.of(CACHE, "run", study.toString(), "--results", "/proc/ratescope-has-no-folder-here");
    assertThat(call.code()).isEqualTo(ExitCode.FAILED);
    assertThat(call.err().lines().toList().getLast())
        .startsWith("ratescope: ")
        .contains("/proc/ratescope-has-no-folder-here");
  }

  /** The job script of the documentation, with the variables that Slurm sets. */
  @Test
  void theSlurmScriptRunsAllParts() throws Exception {
    assertThat(call("run", "--workers", "2").code()).isZero();
    Path ratescope = launcher();
    Path results = folder.resolve("by-slurm");
    List<Process> tasks = new ArrayList<>();
    for (int task = 1; task <= 2; task++) {
      ProcessBuilder builder =
          new ProcessBuilder("sh", "../docs/slurm.sh", study.toString(), results.toString());
      builder.environment().put("RATESCOPE", ratescope.toString());
      builder.environment().put("RATESCOPE_CACHE", CACHE.toString());
      builder.environment().put("SLURM_ARRAY_TASK_ID", Integer.toString(task));
      builder.environment().put("SLURM_ARRAY_TASK_COUNT", "2");
      builder.environment().put("SLURM_CPUS_PER_TASK", "1");
      tasks.add(builder.redirectErrorStream(true).start());
    }
    for (Process task : tasks) {
      String printed = new String(task.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(task.waitFor()).as(printed).isZero();
    }
    assertThat(records(results)).isEqualTo(records(folder.resolve("results")));
  }

  private Path launcher() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("ratescope"),
            "#!/bin/sh\nexec '%s' --enable-native-access=ALL-UNNAMED -Xmx512m -cp '%s' %s \"$@\"\n"
                .formatted(
                    ProcessHandle.current().info().command().orElseThrow(),
                    System.getProperty("java.class.path"),
                    Main.class.getName()));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  /**
   * The documented exit codes, and the message on how to resume, within five seconds. A signal may
   * arrive before the first step, when there is nothing to save: then the next one is sent later.
   */
  @Test
  void aSignalEndsARunWithItsCode() throws Exception {
    Path checkpoints = folder.resolve("results/checkpoints");
    for (String signal : signals()) {
      for (int pause = 0; pause < 10_000 && !Files.isDirectory(checkpoints); pause += 1000) {
        requireFarewell(signal, pause);
      }
      try (Stream<Path> kept = Files.list(checkpoints)) {
        List<Path> files = kept.toList();
        assertThat(files).isNotEmpty();
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(checkpoints);
    }
  }

  /** Starts a run, lets it work for that number of milliseconds, and sends it a signal. */
  private void requireFarewell(String signal, int pause) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            launcher().toString(),
            "run",
            study.toString(),
            "--profile",
            "long",
            "--results",
            folder.resolve("results").toString());
    builder.environment().put("RATESCOPE_CACHE", CACHE.toString());
    Process process = builder.redirectErrorStream(true).start();
    Path leases = folder.resolve("results/leases");
    while (process.isAlive() && !holdsALease(leases)) {
      Thread.sleep(20);
    }
    Thread.sleep(pause);
    long before = System.nanoTime();
    assertThat(new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor())
        .isZero();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(printed).isEqualTo(signal.equals("TERM") ? 143 : 130);
    assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
    assertThat(printed).endsWith("stopped: the same command resumes from the last checkpoint\n");
    assertThat(holdsALease(leases)).isFalse();
  }

  private static boolean holdsALease(Path leases) throws IOException {
    if (!Files.isDirectory(leases)) {
      return false;
    }
    try (Stream<Path> files = Files.list(leases)) {
      return files.anyMatch(Files::isRegularFile);
    }
  }

  /**
   * Signals that end a process. SIGINT is not among them if it is ignored, as in processes that a
   * shell starts in the background: processes inherit that.
   */
  private static List<String> signals() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("SigIgn:")
            && (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0) {
          return List.of("TERM");
        }
      }
    }
    return List.of("TERM", "INT");
  }
}
