package org.ratescope.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code run}. */
@Command(
    name = "run",
    description = {
      "Train and evaluate what a study lacks.",
      "What is done stays; a call that was killed goes on where it was. Ends with 1 when a run of"
          + " the study diverged or failed."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope run study.yaml",
      "  ratescope run study.yaml --profile smoke --results /tmp/smoke"
    })
final class RunCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final WorkersOption workers = new WorkersOption();

  @Mixin private final ImagesOption images;

  @Option(names = "--json", description = "Print the study's status as a JSON object at the end.")
  private boolean json;

  RunCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Status status;
    try (TerminalProgress progress = surroundings.progress(spec.commandLine().getErr())) {
      status = Work.run(study.read(), study.store(), images.library(), workers.count(), progress);
    }
    status.print(spec.commandLine().getOut(), json);
    return status.troubles().isEmpty() ? ExitCode.SUCCESS : ExitCode.FAILED;
  }
}
