package org.ratescope.cli.study;

import java.io.IOException;
import java.nio.file.Path;
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
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code paper}. */
@Command(
    name = "paper",
    description = {
      "Run the studies of the paper's figures, and write one report.",
      "The studies are in the folder studies/paper. You can stop at any time; the same command"
          + " resumes. 'ratescope plan paper' shows the cost, 'ratescope figure paper A16' draws"
          + " one figure."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope paper                          all figures, in about an hour on two cores",
      "  ratescope paper --profile smoke          a quick test, in minutes",
      "  ratescope paper --profile paper          the paper's own sizes"
    })
public final class PaperCommand implements Callable<Integer> {
  private static final String PAPER = "paper";

  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "smoke, mini or paper (default: mini).")
  private @Nullable String profile;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of records, weights and the report (default: ${DEFAULT-VALUE}).")
  private Path results;

  @Mixin private final WorkersOption workers = new WorkersOption();

  @Mixin private final DeviceOption device = new DeviceOption();

  @Mixin private final ImagesOption images;

  @Mixin private final TrackingOptions watch;

  public PaperCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.images = new ImagesOption(surroundings);
    this.watch = new TrackingOptions(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    StudyOptions options = new StudyOptions(surroundings, PAPER, profile, results);
    Suite suite = options.read();
    SweepEnd end = run(suite, options);
    ReportCommand.print(
        StudyServices.report(suite, options.store(), options.figureFolder(), options.folder(suite)),
        spec,
        surroundings,
        false);
    return end.codeOfRun(spec.commandLine().getErr());
  }

  private SweepEnd run(Suite suite, StudyOptions options) throws IOException, InterruptedException {
    String report = "The report: %s".formatted(options.folder(suite).resolve("report.html"));
    try (TerminalProgress terminal = surroundings.progress(spec.commandLine().getErr())) {
      terminal.note(suite.title());
      SweepEnd end;
      try (ProgressListeners watching = watch.open(suite, options.store(), report, terminal)) {
        end =
            StudyServices.run(suite, options.store(), images.library(), workers, device, watching);
      }
      terminal.note("drawing figures ...");
      return end;
    }
  }
}
