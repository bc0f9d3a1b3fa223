package org.ratescope.cli.study;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.results.store.RunSummaries;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code status}. */
@Command(
    name = "status",
    description = {
      "Show which runs of a study are finished, missing, failed or diverged.",
      "Names the folder that it reads, and others that have records of these runs."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope status study.yaml",
      "  ratescope status study.yaml --where beta=1,layers=3",
      "  ratescope status study.yaml --json | jq .missing"
    })
public final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  public StatusCommand(Environment surroundings) {
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite read = study.read();
    RunSummaries records = study.store().summaries(read.runs());
    StudyStatus status = StudyStatus.of(read, records).in(study.results());
    Elsewhere elsewhere = status.missing() == 0 ? Elsewhere.NOWHERE : Elsewhere.of(study, read);
    status.print(spec.commandLine().getOut(), json, elsewhere);
    boolean same = images.compare(read, study.store(), records, spec.commandLine().getErr());
    return same ? ExitCode.SUCCESS : ExitCode.FAILED;
  }
}
