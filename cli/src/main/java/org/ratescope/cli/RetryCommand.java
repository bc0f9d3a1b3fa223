package org.ratescope.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code retry}. */
@Command(
    name = "retry",
    description = {
      "Forget the failed runs of a study, so that the next 'run' trains them again.",
      "Their records are deleted; nothing else is changed, and nothing is trained."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope retry study.yaml && ratescope run study.yaml",
      "  ratescope retry study.yaml --diverged     also those that diverged"
    })
final class RetryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Option(
      names = "--diverged",
      description = "Also the diverged runs: on the same machine they diverge again.")
  private boolean diverged;

  RetryCommand(Surroundings surroundings) {
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite read = study.read();
    images.requireSame(read, study.store(), spec.commandLine().getErr());
    PrintWriter out = spec.commandLine().getOut();
    int forgotten = 0;
    for (Status.Trouble trouble : Status.of(read, study.store()).troubles()) {
      if (diverged || trouble.outcome().word().equals("failed")) {
        study.store().delete(trouble.run().id());
        out.println("forgotten: " + trouble.line());
        forgotten++;
      }
    }
    out.println("%s runs are trained again by the next 'ratescope run'".formatted(forgotten));
    return ExitCode.SUCCESS;
  }
}
