package org.ratescope.cli.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
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

  @Mixin private final ReportedSweep sweep;

  public QuickstartCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.sweep = new ReportedSweep(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path file = surroundings.bundledStudy("quickstart");
    Study study = StudyFile.read(file, profile);
    Suite suite = Suite.of(study, Optional.ofNullable(profile));
    Path figures = file.resolveSibling("figures");
    return sweep.call(suite, StudyOptions.store(results), figures, results, suite.title(), spec);
  }
}
