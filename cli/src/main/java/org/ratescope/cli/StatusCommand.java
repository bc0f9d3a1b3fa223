package org.ratescope.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
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

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  StatusCommand(Surroundings surroundings) {
    this.study = new StudyOptions(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Status status = Status.of(study.read(), study.store());
    if (json) {
      out.println(Json.text(status.fieldsWithTroubles()));
    } else {
      Table.print(out, status.fields(), false);
      status.troubles().forEach(trouble -> out.println(trouble.line()));
    }
    return ExitCode.SUCCESS;
  }
}
