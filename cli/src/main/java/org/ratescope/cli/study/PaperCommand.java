package org.ratescope.cli.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
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
      description = "smoke, mini, overnight or paper (default: mini).")
  private @Nullable String profile;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "Folder of records, weights and the report (default: ${DEFAULT-VALUE}).")
  private Path results;

  @Option(
      names = "--published",
      description = "Train nothing: write the report of the published records.")
  private boolean published;

  @Mixin private final ReportedSweep sweep;

  public PaperCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.sweep = new ReportedSweep(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    StudyOptions options = new StudyOptions(surroundings, PAPER, profile, results);
    if (published) {
      options.usePublished();
      Suite suite = options.read();
      ReportCommand.print(
          StudyServices.report(
              suite, options.store(), options.figureFolder(), options.folder(suite)),
          spec,
          surroundings,
          false);
      return ExitCode.SUCCESS;
    }
    Suite suite = options.read();
    return sweep.call(
        suite, options.store(), options.figureFolder(), options.folder(suite), suite.title(), spec);
  }
}
