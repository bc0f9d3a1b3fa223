package org.ratescope.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.ratescope.data.DataDescription;
import org.ratescope.study.DataSpec;
import org.ratescope.study.Split;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code data describe}. */
@Command(
    name = "describe",
    description = "Print sizes and checksums of a data set's halves under a split.",
    footer = {
      "",
      "Examples:",
      "  ratescope data describe tetrominoes --split cv:0.1 --json",
      "  ratescope data describe tetrominoes:preset=paper-text --split checkerboard --images"
    })
final class DataDescribeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "The data set, for example tetrominoes.")
  private DataSpec data;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      defaultValue = "default",
      description =
          "default, official, checkerboard[:CELLS], heldout:CLASS, cv:RATIO or cd:RATIO (default:"
              + " ${DEFAULT-VALUE}).")
  private Split split;

  @Option(
      names = "--images",
      description = "Describe the images too, which are rendered first if need be.")
  private boolean withImages;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  @Mixin private final ImagesOption images;

  DataDescribeCommand(Surroundings surroundings) {
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Table.print(spec.commandLine().getOut(), describe().fields(), json);
    return ExitCode.SUCCESS;
  }

  private DataDescription describe() throws IOException {
    try {
      return withImages
          ? DataDescription.ofImages(images.open(data, spec.commandLine().getErr()), split)
          : DataDescription.ofLabels(images.library().source(data), split);
    } catch (IllegalArgumentException e) {
      throw new WrongCall("split " + split.text() + ": " + e.getMessage());
    }
  }
}
