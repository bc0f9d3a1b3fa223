package org.ratescope.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.ratescope.record.Summaries;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code status}. */
@Command(
    name = "status",
    description = "Tell which runs of a study are done, and which went wrong.",
    footer = {
      "",
      "Examples:",
      "  ratescope status study.yaml",
      "  ratescope status study.yaml --json | jq .missing"
    })
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  StatusCommand(Surroundings surroundings) {
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite read = study.read();
    Summaries records = study.store().summaries(read.runs());
    Status.of(read, records).print(spec.commandLine().getOut(), json);
    boolean same = images.compare(read, study.store(), records, spec.commandLine().getErr());
    return same ? ExitCode.SUCCESS : ExitCode.FAILED;
  }
}
