package org.ratescope.cli.results;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.UsageException;
import org.ratescope.results.store.RecordArchive;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code export-records}. */
@Command(
    name = "export-records",
    description = {
      "Write the records of a study to one compressed file for each study.",
      "With such files in the folder records beside the study, the option --published of figure,"
          + " report, claims and query uses them without training. Weights are left out."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope export-records study.yaml",
      "  ratescope export-records paper --profile overnight --out records"
    })
public final class ExportRecordsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the files (default: records beside the study).")
  private @Nullable Path out;

  public ExportRecordsCommand(Environment surroundings) {
    this.study = new StudyOptions(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite read = study.read();
    Path folder = out == null ? study.recordFolder() : out;
    List<Path> archives = RecordArchive.write(read, study.existingStore(), folder);
    if (archives.isEmpty()) {
      throw new UsageException(
          "--results: no record of %s; expected records written by 'ratescope run'"
              .formatted(read.name()));
    }
    PrintWriter lines = spec.commandLine().getOut();
    for (Path archive : archives) {
      lines.printf("%s  %s bytes%n", archive, Files.size(archive));
    }
    return ExitCode.SUCCESS;
  }
}
