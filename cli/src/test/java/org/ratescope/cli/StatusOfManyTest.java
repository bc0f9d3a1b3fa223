package org.ratescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.ratescope.results.Provenance;
import org.ratescope.results.RunRecord;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;

/**
 * The status of ten thousand finished runs, from a real process. One run is trained; its record,
 * with estimates and pictures, is then written under the ids of the others. The times are
 * meaningful on an idle machine.
 */
@Tag("long")
@Isolated("it measures time")
class StatusOfManyTest {
  private static final String FORM =
      """
      data: {set: tetrominoes, resolution: 4}
      splits: [cv:0.05]
      architectures: [mlp:1x8]
      latent: 2
      objective: {beta: [%s]}
      restarts: %d
      training: {iterations: 1000, batch: 16}
      evaluation: {examples: 300}
      """;

  @TempDir Path folder;

  @Test
  void tenThousandRunsAreCountedInASecond() throws Exception {
    Path study = writeRecords();
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      Process status =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName(),
                  "status",
                  study.toString(),
                  "--results",
                  folder.resolve("results").toString())
              .redirectErrorStream(true)
              .start();
      String printed = new String(status.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(status.waitFor()).as(printed).isZero();
      seconds.add((System.nanoTime() - start) / 1e9);
      assertThat(printed).contains("finished  10000");
    }
    System.out.println("seconds of three calls: " + seconds);
    assertThat(seconds).as("seconds of three calls").anyMatch(s -> s < 1);
  }

  private Path writeRecords() throws Exception {
    Path one = Files.writeString(folder.resolve("one.yaml"), FORM.formatted("1", 1));
    Path trained = folder.resolve("trained");
    assertThat(
            Call.of(SharedCache.folder(), "run", one.toString(), "--results", trained.toString())
                .code())
        .isZero();
    RunId real = StudyFile.read(one).runs().getFirst().id();
    RunRecord record = RecordStore.at(trained).read(real).orElseThrow();

    List<String> betas = new ArrayList<>();
    for (int i = 1; i <= 2500; i++) {
      betas.add(Double.toString(i / 1000.0));
    }
    Path many = folder.resolve("many.yaml");
    Files.writeString(many, FORM.formatted(String.join(", ", betas), 4));
    Study study = StudyFile.read(many);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    for (RunSpec run : study.runs()) {
      store.write(under(run, record));
    }
    return many;
  }

  private static RunRecord under(RunSpec run, RunRecord r) {
    Provenance provenance = r.provenance();
    return new RunRecord(
        run, r.outcome(), r.evaluation(), r.estimates(), r.trace(), r.pictures(), provenance);
  }
}
