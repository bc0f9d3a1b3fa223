package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
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
      "Delete the records of failed runs of a study, so that the next 'run' trains them again.",
      "Changes nothing else, and trains nothing."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope retry study.yaml && ratescope run study.yaml",
      "  ratescope retry study.yaml --diverged     also diverged runs"
    })
public final class RetryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Option(
      names = "--diverged",
      description =
          "Also delete the records of diverged runs. (On the same machine they diverge again.)")
  private boolean diverged;

  public RetryCommand(Environment surroundings) {
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    study.refusePublished();
    Suite read = study.read();
    images.requireSame(read, study.store(), spec.commandLine().getErr());
    PrintWriter out = spec.commandLine().getOut();
    int forgotten = 0;
    for (StudyStatus.Trouble trouble : StudyStatus.of(read, study.store()).troubles()) {
      if (diverged || trouble.outcome().word().equals("failed")) {
        study.store().delete(trouble.run().id());
        out.println("record deleted: " + trouble.line());
        forgotten++;
      }
    }
    out.println("the next 'ratescope run' trains %s runs again".formatted(forgotten));
    return ExitCode.SUCCESS;
  }
}
