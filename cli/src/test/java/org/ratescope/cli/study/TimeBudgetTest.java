package org.ratescope.cli.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ratescope.cli.option.TimeBudget;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ProgressListeners;
import org.ratescope.plan.Planner;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import org.ratescope.sweep.Runner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The message of a run whose time budget is used up. */
class TimeBudgetTest {
  @TempDir Path folder;

  @Command(name = "run")
  private static final class Options {
    @Mixin TimeBudget budget;
  }

  private interface Ended {
    void now() throws IOException, InterruptedException;
  }

  private String said(Ended end) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("study.yaml"),
            """
            data: tetrominoes:resolution=4
            splits: [cv:0.05]
            architectures: [mlp:1x8]
            latent: 2
            objective: {beta: 1}
            restarts: 1
            """);
    RecordStore store = RecordStore.at(folder.resolve("results"));
    Runner runner =
        (plan, progress) -> {
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            end.now();
          }
          return 0;
        };
    Environment environment = new Environment(Map.of(), folder, false, folder);
    try (ProgressListeners watching =
        new ProgressListeners(environment.progress(new PrintWriter(new StringWriter())))) {
      return StudyServices.run(
              Suite.of(StudyFile.read(file)),
              store,
              Planner.of(store, 1),
              runner,
              watching,
              CommandLine.populateCommand(new Options(), "--time-budget", "1s").budget)
          .lacking()
          .getFirst();
    }
  }

  @Test
  void aFaultAtTheEndIsReported() throws Exception {
    assertThat(
            said(
                () -> {
                  throw new IOException("records/1.json: No space left on device");
                }))
        .isEqualTo("the time budget of 1s is used up, and records/1.json: No space left on device");
  }

  @Test
  void anInterruptIsNoFault() throws Exception {
    assertThat(
            said(
                () -> {
                  throw new ClosedByInterruptException();
                }))
        .isEqualTo("the time budget of 1s is used up");
  }
}
