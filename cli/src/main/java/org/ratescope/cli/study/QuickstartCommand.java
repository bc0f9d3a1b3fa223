package org.ratescope.cli.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.DeviceOption;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.option.TrackingOptions;
import org.ratescope.cli.option.WorkersOption;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ProgressListeners;
import org.ratescope.cli.process.TerminalProgress;
import org.ratescope.results.store.RecordStore;
import org.ratescope.study.Study;
import org.ratescope.study.StudyFile;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code quickstart}. */
@Command(
    name = "quickstart",
    description = {
      "Run a small study and write its report, in minutes.",
      "The study is studies/quickstart.yaml; copy it to write your own. You can stop at any time;"
          + " the same command resumes."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope quickstart",
      "  ratescope quickstart --serve 8080         watch it in a browser",
      "  ratescope quickstart --profile smoke      a quick test, in seconds"
    })
public final class QuickstartCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Option(names = "--profile", paramLabel = "NAME", description = "Use this profile of the study.")
  private @Nullable String profile;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "quickstart",
      description = "Folder of records, weights and the report (default: ${DEFAULT-VALUE}).")
  private Path results;

  @Mixin private final WorkersOption workers = new WorkersOption();

  @Mixin private final DeviceOption device = new DeviceOption();

  @Mixin private final ImagesOption images;

  @Mixin private final TrackingOptions watch;

  public QuickstartCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.images = new ImagesOption(surroundings);
    this.watch = new TrackingOptions(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path file = surroundings.bundledStudy("quickstart");
    Study study = StudyFile.read(file, profile);
    RecordStore store = StudyOptions.store(results);
    Suite suite = Suite.of(study, Optional.ofNullable(profile));
    SweepEnd end = run(suite, store);
    ReportCommand.print(
        StudyServices.report(suite, store, file.resolveSibling("figures"), results),
        spec,
        surroundings,
        false);
    return end.codeOfRun(spec.commandLine().getErr());
  }

  private SweepEnd run(Suite suite, RecordStore store) throws IOException, InterruptedException {
    String report = "The report: %s".formatted(results.resolve("report.html"));
    try (TerminalProgress terminal = surroundings.progress(spec.commandLine().getErr())) {
      terminal.note(suite.title());
      SweepEnd end;
      try (ProgressListeners watching = watch.open(suite, store, report, terminal)) {
        end = StudyServices.run(suite, store, images.library(), workers, device, watching);
      }
      terminal.note("drawing figures ...");
      return end;
    }
  }
}
